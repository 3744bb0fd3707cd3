/** Patterns of what is allowed; `undefined` where nobody has said. */
export type Patterns = readonly Pattern[] | undefined;

interface Pattern {
  readonly text: string;
  readonly expression: RegExp;
}

/** Reads patterns, in which `*` stands for any characters, none and `/` among them; the rest stands for itself. */
export function patternsOf(texts: readonly string[] | undefined): Patterns {
  return texts?.map(text => ({ text, expression: expressionOf(text, () => '.*') }));
}

/**
 * Reads patterns of images. Before the first `/`, where a registry's host may stand, `*` stops at a `/`, and in a tag it
 * is a tag's characters alone: `alpine:*` is no image of a registry named alpine, and `app:1*` none with a digest.
 */
export function imagePatternsOf(texts: readonly string[] | undefined): Patterns {
  return texts?.map(text => ({ text, expression: expressionOf(text, before => anyOf(text, before)) }));
}

function anyOf(text: string, before: string): string {
  if (/:[^/]*$/.test(before)) return '[\\w.-]*';
  return text === '*' || before.includes('/') ? '.*' : '[^/]*';
}

/** @param any what a `*` stands for, by what stands before it */
function expressionOf(text: string, any: (before: string) => string): RegExp {
  const source = text.replace(/[\\^$.+?()[\]{}|*]/g, (character, at: number) =>
    character === '*' ? any(text.slice(0, at)) : `\\${character}`,
  );
  return new RegExp(`^${source}$`, 's');
}

/** Whether a whole text matches one of the patterns. */
export function matches(patterns: NonNullable<Patterns>, text: string): boolean {
  return patterns.some(({ expression }) => expression.test(text));
}

/** Whether a text stands among the patterns as it is. */
export function lists(patterns: Patterns, text: string): boolean {
  return patterns?.some(pattern => pattern.text === text) ?? false;
}
