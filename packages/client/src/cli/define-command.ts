import { type ParseArgsConfig, parseArgs } from 'node:util';
import type { CommandContext } from './context.ts';
import { UsageError } from './errors.ts';

/** Flag of a command: options of `parseArgs`, and its help. */
export interface Flag {
  readonly type: 'string' | 'boolean';
  readonly short?: string;
  readonly multiple?: boolean;
  /** Placeholder of its value in the help, such as `KEY=VALUE`. */
  readonly value?: string;
  readonly description: string;
}

type Flags = Readonly<Record<string, Flag>>;
type FlagValues<Declared extends Flags> = ReturnType<typeof parseArgs<{ options: Declared }>>['values'];

/** Declaration of a command. */
interface CommandDefinition<Declared extends Flags> {
  /** Placeholders of the positional arguments in the help, such as `NAME COMMAND`. */
  readonly positionals: string;
  readonly description: string;
  /** Example command line for the help; begins with `podman-api`. */
  readonly example: string;
  readonly flags: Declared;
  /** Whether all arguments after the first positional are positional, because they are a command line for the container. Default: false. */
  readonly passThrough?: boolean;
  /** Runs the command. @returns the exit code */
  run(values: FlagValues<Declared>, positionals: readonly string[], context: CommandContext): Promise<number>;
}

/** A command of `podman-api`. */
export interface CliCommand {
  /** Placeholders of the positional arguments in the help. */
  readonly positionals: string;
  readonly description: string;
  readonly example: string;
  readonly flags: Flags;
  /**
   * Parses the arguments and runs the command.
   * @returns the exit code
   * @throws UsageError for wrong arguments
   */
  run(args: readonly string[], context: CommandContext): Promise<number>;
}

/** Commands that share their first word, such as `volume create` and `volume rm`. */
export interface CommandGroup {
  readonly description: string;
  /** The commands by their second word. */
  readonly commands: Readonly<Record<string, CliCommand>>;
}

/** Returns whether a command is a group of commands. */
export function isGroup(command: CliCommand | CommandGroup): command is CommandGroup {
  return 'commands' in command;
}

/** Creates a command whose arguments are parsed as its definition declares. */
export function defineCommand<const Declared extends Flags>(definition: CommandDefinition<Declared>): CliCommand {
  const { positionals, description, example, flags, passThrough } = definition;
  return {
    positionals,
    description,
    example,
    flags,
    async run(args, context) {
      const end = passThrough ? findEndOfFlags(args, flags) : args.length;
      const parsed = parse({ args: args.slice(0, end), options: flags, allowPositionals: true });
      return definition.run(parsed.values, [...parsed.positionals, ...args.slice(end)], context);
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

/** Returns the index of the first positional argument, or the one after `--`. */
function findEndOfFlags(args: readonly string[], options: Flags): number {
  const { tokens } = parseArgs({ args: [...args], options, strict: false, allowPositionals: true, tokens: true });
  const first = tokens.find(({ kind }) => kind !== 'option');
  if (!first) return args.length;
  return first.kind === 'option-terminator' ? first.index + 1 : first.index;
}
