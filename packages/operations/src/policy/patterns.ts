/** Patterns of what is allowed; `undefined` if the variable is unset. */
export type Patterns = readonly Pattern[] | undefined;

interface Pattern {
  readonly text: string;
  readonly parts: readonly PatternPart[];
}

/** One character of a pattern: a literal, or for a `*` the characters that it accepts. */
type PatternPart = { readonly character: string } | { readonly accepts: (character: string) => boolean };

/** Reads patterns, in which `*` matches any number of any characters, including `/`; all else is literal. */
export function patternsOf(texts: readonly string[] | undefined): Patterns {
  return texts?.map(text => ({ text, parts: partsOf(text, () => anything) }));
}

/**
 * Reads patterns of images. Before the first `/`, where the host of a registry may be, `*` does not match `/`, and in a tag it
 * matches only the characters of a tag: `alpine:*` matches no image of a registry named alpine, and `app:1*` no digest.
 */
export function imagePatternsOf(texts: readonly string[] | undefined): Patterns {
  return texts?.map(text => ({ text, parts: partsOf(text, before => acceptedAfter(text, before)) }));
}

const anything = () => true;
const withoutSlash = (character: string) => character !== '/';
const ofTag = (character: string) => /[\w.-]/.test(character);

function acceptedAfter(text: string, before: string): (character: string) => boolean {
  if (/:[^/]*$/.test(before)) return ofTag;
  return text === '*' || before.includes('/') ? anything : withoutSlash;
}

/** @param acceptedBy returns which characters a `*` accepts, by the text before it */
function partsOf(text: string, acceptedBy: (before: string) => (character: string) => boolean): readonly PatternPart[] {
  return text.split('').map((character, at) => (character === '*' ? { accepts: acceptedBy(text.slice(0, at)) } : { character }));
}

/** Returns whether a whole string matches one of the patterns. */
export function matches(patterns: NonNullable<Patterns>, text: string): boolean {
  return patterns.some(({ parts }) => matchesWhole(parts, text));
}

/**
 * Simulates the pattern as a non-deterministic automaton: reads the text once, with the set of all pattern positions reached so far.
 * The time grows with the product of both lengths; that of a regular expression grows exponentially with its number of `.*`. Glob
 * libraries have no `*` that is limited to some characters.
 */
function matchesWhole(parts: readonly PatternPart[], text: string): boolean {
  let positions = withSkippedStars(parts, new Set([0]));
  for (const character of text.split('')) {
    const next = new Set<number>();
    for (const position of positions) {
      const part = parts[position];
      if (part === undefined) continue;
      if ('character' in part && part.character === character) next.add(position + 1);
      if ('accepts' in part && part.accepts(character)) next.add(position);
    }
    positions = withSkippedStars(parts, next);
    if (positions.size === 0) return false;
  }
  return positions.has(parts.length);
}

/** Adds the position after each `*`, which may match nothing. The loop visits added positions too, so several `*` in a row work. */
function withSkippedStars(parts: readonly PatternPart[], positions: Set<number>): ReadonlySet<number> {
  for (const position of positions) {
    const part = parts[position];
    if (part !== undefined && 'accepts' in part) positions.add(position + 1);
  }
  return positions;
}

/** Returns whether a string is literally one of the patterns. */
export function hasPattern(patterns: Patterns, text: string): boolean {
  return patterns?.some(pattern => pattern.text === text) ?? false;
}
