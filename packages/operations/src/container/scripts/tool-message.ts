/** Longest part of a tool's message that an error repeats. */
const maxCharacters = 500;

/**
 * Returns the output of a tool in a container in a form that is safe in an error message: one line of at most 500 characters,
 * without control characters and without those that change the direction of text (UAX #9).
 */
export function sanitizeToolMessage(written: string): string {
  const printable = written.slice(0, 4 * maxCharacters).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ');
  return printable.trim().slice(0, maxCharacters).toWellFormed();
}
