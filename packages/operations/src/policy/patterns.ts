/** Patterns of what is allowed; `undefined` where nobody has said. */
export type Patterns = readonly Pattern[] | undefined;

interface Pattern {
  readonly text: string;
  readonly parts: readonly Part[];
}

/** One character of a pattern: itself, or for a `*` the characters that it stands for. */
type Part = { readonly character: string } | { readonly accepts: (character: string) => boolean };

/** Reads patterns, in which `*` stands for any characters, none and `/` among them; the rest stands for itself. */
export function patternsOf(texts: readonly string[] | undefined): Patterns {
  return texts?.map(text => ({ text, parts: partsOf(text, () => anything) }));
}

/**
 * Reads patterns of images. Before the first `/`, where a registry's host may stand, `*` stops at a `/`, and in a tag it
 * is a tag's characters alone: `alpine:*` is no image of a registry named alpine, and `app:1*` none with a digest.
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

/** @param acceptedBy what a `*` stands for, by what stands before it */
function partsOf(text: string, acceptedBy: (before: string) => (character: string) => boolean): readonly Part[] {
  return text.split('').map((character, at) => (character === '*' ? { accepts: acceptedBy(text.slice(0, at)) } : { character }));
}

/** Whether a whole text matches one of the patterns. */
export function matches(patterns: NonNullable<Patterns>, text: string): boolean {
  return patterns.some(({ parts }) => matchesWhole(parts, text));
}

/**
 * Goes through the text once, with the set of all places in the pattern that it may have reached. The time is proportional to
 * the length of the text times that of the pattern; a regular expression with several `.*` may take its power. Libraries for
 * globs make regular expressions, and know no `*` that accepts some characters only.
 */
function matchesWhole(parts: readonly Part[], text: string): boolean {
  let places = withSkippedStars(parts, new Set([0]));
  for (const character of text.split('')) {
    const next = new Set<number>();
    for (const place of places) {
      const part = parts[place];
      if (part === undefined) continue;
      if ('character' in part && part.character === character) next.add(place + 1);
      if ('accepts' in part && part.accepts(character)) next.add(place);
    }
    places = withSkippedStars(parts, next);
    if (places.size === 0) return false;
  }
  return places.has(parts.length);
}

/** A `*` may stand for nothing. Places are visited in the order of adding, so several in a row are skipped too. */
function withSkippedStars(parts: readonly Part[], places: Set<number>): ReadonlySet<number> {
  for (const place of places) {
    const part = parts[place];
    if (part !== undefined && 'accepts' in part) places.add(place + 1);
  }
  return places;
}

/** Whether a text stands among the patterns as it is. */
export function lists(patterns: Patterns, text: string): boolean {
  return patterns?.some(pattern => pattern.text === text) ?? false;
}
