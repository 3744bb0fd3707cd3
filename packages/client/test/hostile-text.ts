/** Hostile content of output, names, labels or messages: sequences that a terminal interprets, an added line, reversed text. */
export const hostileText = 'a\x1b]0;owned\x07\x1b[2J\x9b31m\r\x7fb\npodman-api: all is well\n\u202egnp.exe\u2066\u2028\tz';

/** Whether a terminal shows a string without interpreting it. */
export function isPrintable(text: string): boolean {
  // Does not use the product's own set of characters, so that it finds gaps in it.
  return [...text].every(character => {
    const code = character.codePointAt(0) ?? 0;
    const isControl = (code < 0x20 && code !== 0x0a && code !== 0x09) || (code >= 0x7f && code < 0xa0);
    const isBidi =
      code === 0x61c || code === 0x200e || code === 0x200f || (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
    return !isControl && !isBidi;
  });
}
