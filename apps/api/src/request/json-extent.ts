import { ApiError } from '@podman-api/errors';

/** Maximum nesting; valid inputs have at most four levels. */
const maxDepth = 32;
/** Maximum number of values: more than any command has arguments. Validating a million would block the process for seconds. */
const maxValues = 10_000;

/**
 * Limits the depth and the number of values of a JSON text before it is parsed, because both make parsing and validation slow.
 * @throws ApiError (400) if the text exceeds a limit
 */
export function checkExtent(text: string): void {
  let depth = 0;
  let values = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') at = endOfString(text, at);
    else if (character === '[' || character === '{') depth += 1;
    else if (character === ']' || character === '}') depth -= 1;
    if (character === ',' || character === '[' || character === '{') values += 1;
    if (depth > maxDepth) throw tooMuch(`nested deeper than ${maxDepth} levels`);
    if (values > maxValues) throw tooMuch(`of more than ${maxValues} values`);
  }
}

function tooMuch(what: string): ApiError {
  return new ApiError('ValidationError', `The body must not be ${what}.`);
}

/** Returns the offset of the quote that ends a string; the length of the text if there is none. */
function endOfString(text: string, begin: number): number {
  for (let end = text.indexOf('"', begin + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    if (!isEscaped(text, end)) return end;
  }
  return text.length;
}

/** Returns whether an odd number of backslashes is before a character. */
function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text[at - 1 - backslashes] === '\\') backslashes += 1;
  return backslashes % 2 === 1;
}
