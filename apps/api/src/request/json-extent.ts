import { ApiError } from '@podman-api/errors';

/** Inputs have four levels at most. */
const deepest = 32;
/** More than the words of any command. A check of a million wrong ones takes seconds, in which nobody else is answered. */
const most = 10_000;

/**
 * Looks at a JSON text before it is read: what is nested deeply or holds very many values takes long to read and check.
 * @throws ApiError (400) where it is deeper, or holds more, than any input
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
    if (depth > deepest) throw tooMuch(`nested deeper than ${deepest} levels`);
    if (values > most) throw tooMuch(`of more than ${most} values`);
  }
}

function tooMuch(what: string): ApiError {
  return new ApiError('ValidationError', `The body must not be ${what}.`);
}

/** The place of the quote that ends a string; the end of the text where there is none. */
function endOfString(text: string, begin: number): number {
  for (let end = text.indexOf('"', begin + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    if (!isEscaped(text, end)) return end;
  }
  return text.length;
}

/** An odd number of backslashes before a character makes it mean itself. */
function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text[at - 1 - backslashes] === '\\') backslashes += 1;
  return backslashes % 2 === 1;
}
