import manifest from '../../package.json' with { type: 'json' };
import { type Client, createClient } from '../client.ts';
import type { ClientOptions } from '../settings.ts';
import { abortOnSignals } from './abort-on-signals.ts';
import { type FoundCommand, findCommand } from './commands/find-command.ts';
import { createContext } from './context.ts';
import type { CliCommand } from './define-command.ts';
import { formatError, getExitCode, UsageError } from './errors.ts';
import { exitCodes } from './exit-codes.ts';
import { formatCommandHelp, formatGroupHelp, formatHelp } from './help.ts';
import { createProgress, type Progress } from './progress.ts';
import { type OutputStreams, writeMessage, writeText } from './write.ts';

/** Environment that a command line runs in: its process, or a test. */
export interface CommandLineHost {
  readonly streams: OutputStreams;
  /** Aborted, with an ExitError as its reason, when the command should stop. */
  readonly signal: AbortSignal;
  readonly progress: Progress;
  /** @throws RangeError that names the variable of a wrong option */
  createClient(options: Pick<ClientOptions, 'onRetry'>): Client;
}

/**
 * Runs a command line with the streams, signals and variables of this process.
 * @param args without the program's name
 * @returns the exit code
 */
export function main(args: readonly string[]): Promise<number> {
  return runCommandLine(args, { streams: process, signal: abortOnSignals(), progress: createProgress(process.stderr), createClient });
}

/**
 * Runs a command line.
 * @param args without the program's name
 * @returns the exit code
 */
export async function runCommandLine(args: readonly string[], host: CommandLineHost): Promise<number> {
  const words = args[0] === 'help' ? args.slice(1) : args;
  const [name = args[0] === 'help' ? '--help' : ''] = words;
  const print = (text: string) => {
    writeText(host.streams.stdout, text);
    return 0;
  };
  const refuse = (message: string, help: string) => reportUsageError(host.streams, message, help);
  if (isHelpFlag(name)) return print(await formatHelp());
  if (name === '--version' || name === '-v' || name === 'version') return print(`${manifest.version}\n`);
  const found = await findCommand(words);
  if (!found) return refuse(name === '' ? 'a command is missing.' : `there is no command "${name}".`, 'podman-api --help');
  if (args[0] === 'help' || isHelpFlag(found.args[0])) return print(formatHelpOf(found));
  if ('command' in found) return runCommand(found.name, found.command, found.args, host);
  const [second] = found.args;
  const message = second === undefined ? `${name} needs a command.` : `there is no command "${name} ${second}".`;
  return refuse(message, `podman-api ${name} --help`);
}

function isHelpFlag(text: string | undefined): boolean {
  return text === '--help' || text === '-h';
}

function formatHelpOf(found: FoundCommand): string {
  return 'group' in found ? formatGroupHelp(found.name, found.group) : formatCommandHelp(found.name, found.command);
}

async function runCommand(name: string, command: CliCommand, args: readonly string[], host: CommandLineHost): Promise<number> {
  const { streams, signal, progress } = host;
  try {
    const api = host.createClient({ onRetry: () => progress.show('no answer yet, trying again') });
    return await command.run(args, createContext(api, host));
  } catch (error) {
    const reason: unknown = signal.aborted ? signal.reason : error;
    progress.clear();
    const message = formatError(reason);
    if (reason instanceof UsageError) return reportUsageError(streams, message, `podman-api ${name} --help`);
    if (message !== '') writeMessage(streams.stderr, message);
    return getExitCode(reason);
  } finally {
    progress.clear();
  }
}

function reportUsageError({ stderr }: OutputStreams, message: string, help: string): number {
  writeMessage(stderr, `${message} See: ${help}`);
  return exitCodes.usage.code;
}
