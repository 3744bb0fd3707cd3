import type { CommandPattern } from './pattern.ts';

/** Arguments of podman, parsed as podman parses them. */
export interface ParsedArgv {
  readonly flags: readonly { readonly name: string; readonly value: string | null }[];
  /** The arguments after `--`. */
  readonly positionals: readonly string[];
}

/** Flags whose value is the next argument; all others are one argument. */
const flagsWithSeparateValue: ReadonlySet<string> = new Set(['env', 'env-file', 'last']);

/**
 * Parses arguments by a pattern.
 * @throws Error that names the first argument that does not match
 */
export function parseArgv(args: readonly string[], pattern: CommandPattern): ParsedArgv {
  if (args.some(arg => arg.includes('\0'))) throw new Error('an argument contains NUL');
  const end = pattern.positionals ? args.indexOf('--') : args.length;
  if (pattern.command.some((arg, index) => args[index] !== arg)) throw new Error(`not podman ${pattern.command.join(' ')}`);
  if (end < 0) throw new Error('-- is missing');
  const flags = parseFlags(args.slice(pattern.command.length, end), pattern);
  const positionals = args.slice(end + 1);
  const { first, hasMore } = pattern.positionals ?? { first: [], hasMore: false };
  const unmatched = first.find((argPattern, index) => !argPattern.test(positionals[index] ?? '\0'));
  if (unmatched) throw new Error(`no argument after -- matches ${unmatched}`);
  if (!hasMore && positionals.length !== first.length) throw new Error(`${positionals.length} arguments after --, not ${first.length}`);
  return { flags, positionals };
}

function parseFlags(args: readonly string[], pattern: CommandPattern): ParsedArgv['flags'] {
  const flags: { name: string; value: string | null }[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    const [, name = '', inline] = /^--([a-z0-9-]+)(?:=([\s\S]*))?$/.exec(arg) ?? [];
    const valuePattern = Object.hasOwn(pattern.flags, name) ? pattern.flags[name] : undefined;
    if (valuePattern === undefined) throw new Error(`${arg} is not among the flags of the pattern`);
    if (valuePattern !== null && flagsWithSeparateValue.has(name) && inline === undefined) at += 1;
    const value = inline ?? (flagsWithSeparateValue.has(name) ? args[at] : undefined) ?? null;
    if (valuePattern === null ? value !== null : value === null || !valuePattern.test(value))
      throw new Error(`the pattern does not allow ${arg} to have the value ${value}`);
    flags.push({ name, value });
  }
  return flags;
}
