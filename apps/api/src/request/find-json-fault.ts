/** Position at which a string stops being JSON. */
export interface JsonFault {
  /** Both count from 1; the column in UTF-16 units. */
  readonly line: number;
  readonly column: number;
  /** Whether the text ends there. */
  readonly isEnd: boolean;
}

/**
 * Finds where a string stops being JSON (RFC 8259). V8's messages lack the position of some faults, and quote the text for others, which may hold a secret.
 * @returns `undefined` for valid JSON
 */
export function findJsonFault(text: string): JsonFault | undefined {
  const at = faultOffset(text);
  if (at === undefined) return undefined;
  let line = 1;
  let lineStart = 0;
  for (let newline = text.indexOf('\n'); newline >= 0 && newline < at; newline = text.indexOf('\n', newline + 1)) {
    line += 1;
    lineStart = newline + 1;
  }
  return { line, column: at - lineStart + 1, isEnd: at >= text.length };
}

/** Expected next token; `first…` is right after an opening bracket, where a closing one is valid too. */
type Next = 'value' | 'first-value' | 'key' | 'first-key' | 'colon' | 'comma' | 'end';

const space = /[ \t\r\n]*/y;
const scalar = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const escapedCharacter = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

function faultOffset(text: string): number | undefined {
  const open: string[] = [];
  let next: Next = 'value';
  let at = skipSpace(text, 0);
  while (next !== 'end') {
    const character = text[at] ?? '';
    let read: Read = { end: at + 1 };
    if (isClosing(character, open.at(-1), next)) {
      open.pop();
      next = afterValue(open);
    } else if (next === 'comma' || next === 'colon') {
      if (character !== (next === 'comma' ? ',' : ':')) return at;
      next = next === 'comma' && open.at(-1) === '{' ? 'key' : 'value';
    } else if (next === 'key' || next === 'first-key') {
      read = readString(text, at);
      next = 'colon';
    } else if (character === '{' || character === '[') {
      open.push(character);
      next = character === '{' ? 'first-key' : 'first-value';
    } else {
      read = character === '"' ? readString(text, at) : readScalar(text, at);
      next = afterValue(open);
    }
    if ('fault' in read) return read.fault;
    at = skipSpace(text, read.end);
  }
  return at < text.length ? at : undefined;
}

function isClosing(character: string, open: string | undefined, next: Next): boolean {
  if (next === 'comma') return (character === '}' && open === '{') || (character === ']' && open === '[');
  return (character === '}' && next === 'first-key') || (character === ']' && next === 'first-value');
}

function afterValue(open: readonly string[]): Next {
  return open.length === 0 ? 'end' : 'comma';
}

/** Offset after a part of the text, or of a fault in it. */
type Read = { readonly end: number } | { readonly fault: number };

function readString(text: string, begin: number): Read {
  if (text[begin] !== '"') return { fault: begin };
  let at = begin + 1;
  while (at < text.length && text[at] !== '"') {
    const end = text[at] === '\\' ? endOf(escapedCharacter, text, at) : at + 1;
    if (end === undefined || text.charCodeAt(at) < 0x20) return { fault: at };
    at = end;
  }
  return at < text.length ? { end: at + 1 } : { fault: at };
}

function readScalar(text: string, begin: number): Read {
  const end = endOf(scalar, text, begin);
  return end === undefined ? { fault: begin } : { end };
}

function skipSpace(text: string, at: number): number {
  return endOf(space, text, at) ?? at;
}

/** Returns the offset after the match of a sticky expression; `undefined` if it does not match. */
function endOf(expression: RegExp, text: string, at: number): number | undefined {
  expression.lastIndex = at;
  return expression.test(text) ? expression.lastIndex : undefined;
}
