/** White space, or one piece of a word: single-quoted, double-quoted, an escaped character, or plain text. */
const pieces = /(?<space>\s+)|'(?<single>[^']*)'|"(?<double>(?:[^"\\]|\\[\s\S])*)"|\\(?<escaped>[\s\S])|(?<plain>[^\s'"\\]+)/y;

/**
 * Splits a text into words as a POSIX shell does, by quotes and backslashes, expanding nothing
 * (Shell Command Language, 2.2 Quoting); a `#` begins no comment. Compose splits `command` the same way.
 * @throws SyntaxError where a quote is not closed or the last character is a backslash
 */
export function splitWords(text: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  pieces.lastIndex = 0;
  while (pieces.lastIndex < text.length) {
    const groups = pieces.exec(text)?.groups;
    if (!groups) throw new SyntaxError('has a quote that is not closed or ends in a backslash');
    if (groups['space'] === undefined) {
      word = (word ?? '') + unquoted(groups);
    } else if (word !== undefined) {
      words.push(word);
      word = undefined;
    }
  }
  return word === undefined ? words : [...words, word];
}

/** In double quotes a backslash escapes `$`, a backquote, `"`, `\` and a newline, and nothing else. */
function unquoted({ single, double, escaped, plain }: Record<string, string | undefined>): string {
  if (double !== undefined) return double.replace(/\\([$`"\\\n])/g, (_, character: string) => (character === '\n' ? '' : character));
  if (escaped !== undefined) return escaped === '\n' ? '' : escaped;
  return single ?? plain ?? '';
}
