import type { Shape } from './calls.ts';

/** A podman's arguments, read as podman reads them. */
export interface ReadArgv {
  readonly flags: readonly { readonly name: string; readonly value: string | null }[];
  /** What stands after `--`. */
  readonly positionals: readonly string[];
}

/** Flags whose value is the next argument; all others are one word. */
const inTwoWords: ReadonlySet<string> = new Set(['env', 'env-file', 'last']);

/**
 * Reads arguments by a shape.
 * @throws Error that says which argument does not belong there
 */
export function readArgv(args: readonly string[], shape: Shape): ReadArgv {
  if (args.some(arg => arg.includes('\0'))) throw new Error('an argument holds NUL');
  const end = shape.positionals ? args.indexOf('--') : args.length;
  if (shape.words.some((word, index) => args[index] !== word)) throw new Error(`not podman ${shape.words.join(' ')}`);
  if (end < 0) throw new Error('there is no --');
  const flags = readFlags(args.slice(shape.words.length, end), shape);
  const positionals = args.slice(end + 1);
  const { first, more } = shape.positionals ?? { first: [], more: false };
  const wrong = first.find((pattern, index) => !pattern.test(positionals[index] ?? '\0'));
  if (wrong) throw new Error(`after -- there is nothing that looks like ${wrong}`);
  if (!more && positionals.length !== first.length) throw new Error(`after -- there are ${positionals.length} arguments`);
  return { flags, positionals };
}

function readFlags(words: readonly string[], shape: Shape): ReadArgv['flags'] {
  const flags: { name: string; value: string | null }[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const [, name = '', inline] = /^--([a-z-]+)(?:=([\s\S]*))?$/.exec(word) ?? [];
    const pattern = Object.hasOwn(shape.flags, name) ? shape.flags[name] : undefined;
    if (pattern === undefined) throw new Error(`${word} is no flag of the contract's`);
    if (pattern !== null && inTwoWords.has(name) && inline === undefined) at += 1;
    const value = inline ?? (inTwoWords.has(name) ? words[at] : undefined) ?? null;
    if (pattern === null ? value !== null : value === null || !pattern.test(value)) throw new Error(`${word} has the value ${value}`);
    flags.push({ name, value });
  }
  return flags;
}
