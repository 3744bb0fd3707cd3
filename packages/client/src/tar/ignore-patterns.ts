import { posix } from 'node:path';

/** Patterns of an ignore file. */
export interface IgnorePatterns {
  /** Returns whether a path, relative to the context, is left out. */
  isExcluded(path: string): boolean;
  /** Whether a pattern begins with `!`, so that something in an excluded directory may be included. */
  readonly hasExceptions: boolean;
}

/**
 * Reads the patterns of a `.containerignore` or `.dockerignore`, with Docker's rules: one pattern a line, `#` begins a comment, `*`, `?`
 * and `[a-z]` match within a name, `**` matches any number of directories, `!` includes again, and the last pattern that matches a path or
 * a directory above it decides.
 * @throws RangeError for an invalid pattern
 */
export function parseIgnorePatterns(text: string): IgnorePatterns {
  const patterns = text
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '' && !line.startsWith('#'))
    .map(parsePattern);
  return {
    isExcluded: path => patterns.findLast(({ matches }) => matches(path))?.excludes ?? false,
    hasExceptions: patterns.some(({ excludes }) => !excludes),
  };
}

function parsePattern(line: string) {
  const excludes = !line.startsWith('!');
  const pattern = posix.normalize(excludes ? line : line.slice(1).trim()).replace(/^\/+|\/+$/g, '');
  const expression = toExpression(pattern);
  return { excludes, matches: (path: string) => expression.test(path) };
}

/** Returns the expression of a pattern; it matches what is in a matching directory too. @throws RangeError */
function toExpression(pattern: string): RegExp {
  const source = pattern.replaceAll(/\*\*\/|\*\*|\*|\?|\\.|\[(?:\\.|[^\]\\])+\]|[^\w/]/gs, token => {
    if (token === '**/') return '(?:.*/)?';
    if (token === '**') return '.*';
    if (token === '*') return '[^/]*';
    if (token === '?') return '[^/]';
    if (token.length > 2 && token.startsWith('[')) return token;
    return token.startsWith('\\') ? token : `\\${token}`;
  });
  try {
    return new RegExp(`^${source}(?:/|$)`, 's');
  } catch {
    throw new RangeError(`The ignore file has the pattern "${pattern}", which cannot be read: correct it.`);
  }
}
