import { type ParseArgsConfig, parseArgs } from 'node:util';
import type { Context } from './context.ts';
import { UsageError } from './failure.ts';

/** A flag: what parseArgs wants, and what the help says. */
export interface Flag {
  readonly type: 'string' | 'boolean';
  readonly short?: string;
  readonly multiple?: boolean;
  /** How its value is called. */
  readonly value?: string;
  readonly about: string;
}

type Flags = Readonly<Record<string, Flag>>;
type Values<Given extends Flags> = ReturnType<typeof parseArgs<{ options: Given }>>['values'];

/** A command as it is declared. */
interface Declared<Given extends Flags> {
  /** What stands behind the flags. */
  readonly words: string;
  readonly about: string;
  readonly flags: Given;
  /** What begins with the first word that is no flag is taken as it is: it holds a command line of somebody else's. */
  readonly passesOn?: boolean;
  /** @returns the exit code */
  run(values: Values<Given>, words: readonly string[], context: Context): Promise<number>;
}

/** A command of `podman-api`. */
export interface Command {
  readonly words: string;
  readonly about: string;
  readonly flags: Flags;
  /** @throws UsageError for what is no flag of it */
  run(args: readonly string[], context: Context): Promise<number>;
}

/** Declares a command. */
export function define<const Given extends Flags>(declared: Declared<Given>): Command {
  return {
    words: declared.words,
    about: declared.about,
    flags: declared.flags,
    async run(args, context) {
      const end = declared.passesOn ? firstWord(args, declared.flags) : args.length;
      const { values, positionals } = parse({ args: args.slice(0, end), options: declared.flags, allowPositionals: true });
      return declared.run(values, [...positionals, ...args.slice(end)], context);
    },
  };
}

function parse<const Config extends ParseArgsConfig>(config: Config) {
  try {
    return parseArgs(config);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message.replace(/\. To specify.*$/s, '.') : '');
  }
}

/** Where the flags end: at the first word, or behind a `--`. */
function firstWord(args: readonly string[], options: Flags): number {
  const { tokens } = parseArgs({ args: [...args], options, strict: false, allowPositionals: true, tokens: true });
  const first = tokens.find(({ kind }) => kind !== 'option');
  if (!first) return args.length;
  return first.kind === 'option-terminator' ? first.index + 1 : first.index;
}
