import { UnreadableValue } from '../../schemas/readable-by.ts';

/** White space, or one piece of a word: single-quoted, double-quoted, an escaped character, or plain text. */
const pieces = /(?<space>\s+)|'(?<single>[^']*)'|"(?<double>(?:[^"\\]|\\[\s\S])*)"|\\(?<escaped>[\s\S])|(?<plain>[^\s'"\\]+)/y;

type Piece = Readonly<Record<string, string | undefined>>;

/**
 * Splits a string into words as a POSIX shell does, by quotes and backslashes, expanding nothing
 * (Shell Command Language, 2.2 Quoting); a `#` begins no comment. Compose splits `command` the same way. No npm library does:
 * shell-quote and string-argv accept unclosed quotes, shlex keeps the backslash of `"\$x"`, and none reports which characters were quoted.
 * @throws UnreadableValue if a quote is not closed or the last character is a backslash
 */
export function splitWords(text: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  for (const piece of piecesOf(text)) {
    if (piece['space'] === undefined) {
      word = (word ?? '') + unquote(piece);
    } else if (word !== undefined) {
      words.push(word);
      word = undefined;
    }
  }
  return word === undefined ? words : [...words, word];
}

/** Unquoted text that a shell would interpret: lists, pipes, redirections and expansions, and `&` as the end of a word. */
const shellSyntax = /&&|[|;<>`]|\$(?:\w+|[{(])|&$/;

/**
 * Returns the first unquoted operator or expansion of a shell in a string, such as `&&` or `$HOME`; `undefined` if there is none.
 * @throws UnreadableValue as `splitWords` does
 */
export function findShellSyntax(text: string): string | undefined {
  for (const { plain } of piecesOf(text)) {
    const found = plain === undefined ? null : shellSyntax.exec(plain);
    if (found) return found[0];
  }
  return undefined;
}

function* piecesOf(text: string): Generator<Piece> {
  let at = 0;
  while (at < text.length) {
    pieces.lastIndex = at;
    const groups = pieces.exec(text)?.groups;
    if (!groups) throw new UnreadableValue('a quote is not closed, or the last character is a backslash');
    at = pieces.lastIndex;
    yield groups;
  }
}

/** In double quotes a backslash escapes `$`, a backquote, `"`, `\` and a newline, and nothing else. */
function unquote({ single, double, escaped, plain }: Piece): string {
  if (double !== undefined) return double.replace(/\\([$`"\\\n])/g, (_, character: string) => (character === '\n' ? '' : character));
  if (escaped !== undefined) return escaped === '\n' ? '' : escaped;
  return single ?? plain ?? '';
}
