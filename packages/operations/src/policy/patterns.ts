/** Patterns of what is allowed; `undefined` where nobody has said. */
export type Patterns = readonly Pattern[] | undefined;

interface Pattern {
  readonly text: string;
  readonly expression: RegExp;
}

/** Reads patterns, in which `*` stands for any characters, none and `/` among them; the rest stands for itself. */
export function patternsOf(texts: readonly string[] | undefined): Patterns {
  return texts?.map(text => {
    const source = text.replace(/[\\^$.+?()[\]{}|]/g, '\\$&').replaceAll('*', '.*');
    return { text, expression: new RegExp(`^${source}$`, 's') };
  });
}

/** Whether a whole text matches one of the patterns. */
export function matches(patterns: NonNullable<Patterns>, text: string): boolean {
  return patterns.some(({ expression }) => expression.test(text));
}

/** Whether a text stands among the patterns as it is. */
export function lists(patterns: Patterns, text: string): boolean {
  return patterns?.some(pattern => pattern.text === text) ?? false;
}
