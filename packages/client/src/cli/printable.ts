/** Control characters (C0, DEL, C1), characters that reorder text (bidi), and line separators, except newline and tab. */
const unprintable = /(?![\n\t])[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;

/**
 * Returns text without characters that a terminal interprets: they are escaped, as in `\x1b` or `\u202e`. Names, labels,
 * images and error messages come from containers and from other callers of the API.
 */
export function printable(text: string): string {
  return text.replaceAll(unprintable, escapeCharacter);
}

/** Returns printable text in one line: newlines and tabs are escaped too. */
export function printableLine(text: string): string {
  return printable(text).replaceAll(/[\n\t]/g, escapeCharacter);
}

/**
 * Returns a value as JSON in which strings are printable; it parses to the same value.
 * @param indent spaces of a level; 0 for JSON in one line
 */
export function printableJson(value: unknown, indent = 2): string {
  return `${JSON.stringify(value, null, indent).replaceAll(unprintable, character => `\\u${toHex(character, 4)}`)}\n`;
}

function escapeCharacter(character: string): string {
  return character <= '\xff' ? `\\x${toHex(character, 2)}` : `\\u${toHex(character, 4)}`;
}

function toHex(character: string, digits: number): string {
  return character.charCodeAt(0).toString(16).padStart(digits, '0');
}
