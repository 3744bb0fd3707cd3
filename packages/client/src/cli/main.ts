import manifest from '../../package.json' with { type: 'json' };
import { createClient } from '../client.ts';
import { abortOnSignals } from './abort-on-signals.ts';
import { type FoundCommand, findCommand } from './commands/find-command.ts';
import { createContext } from './context.ts';
import type { CliCommand } from './define-command.ts';
import { formatError, getExitCode, UsageError } from './errors.ts';
import { exitCodes } from './exit-codes.ts';
import { formatCommandHelp, formatGroupHelp, formatHelp } from './help.ts';
import { createProgress } from './progress.ts';
import { writeMessage, writeText } from './write.ts';

/**
 * Runs a command line.
 * @param args without the program's name
 * @returns the exit code
 */
export async function main(args: readonly string[]): Promise<number> {
  const words = args[0] === 'help' ? args.slice(1) : args;
  const [name = args[0] === 'help' ? '--help' : ''] = words;
  if (isHelpFlag(name)) return print(formatHelp());
  if (name === '--version' || name === '-v' || name === 'version') return print(`${manifest.version}\n`);
  const found = findCommand(words);
  if (!found) return reportUsageError(name === '' ? 'a command is missing.' : `there is no command "${name}".`, 'podman-api --help');
  if (args[0] === 'help' || isHelpFlag(found.args[0])) return printHelp(found);
  if ('command' in found) return runCommand(found.name, found.command, found.args);
  const [second] = found.args;
  const message = second === undefined ? `a command of ${name} is missing.` : `there is no command "${name} ${second}".`;
  return reportUsageError(message, `podman-api ${name} --help`);
}

function isHelpFlag(text: string | undefined): boolean {
  return text === '--help' || text === '-h';
}

function printHelp(found: FoundCommand): number {
  return print('group' in found ? formatGroupHelp(found.name, found.group) : formatCommandHelp(found.name, found.command));
}

async function runCommand(name: string, command: CliCommand, args: readonly string[]): Promise<number> {
  const signal = abortOnSignals();
  const progress = createProgress(process.stderr);
  try {
    const api = createClient({ onRetry: () => progress.show('no answer yet, trying again') });
    return await command.run(args, createContext(api, signal, progress));
  } catch (error) {
    const reason: unknown = signal.aborted ? signal.reason : error;
    progress.clear();
    const message = formatError(reason);
    if (reason instanceof UsageError) return reportUsageError(message, `podman-api ${name} --help`);
    if (message !== '') writeMessage(message);
    return getExitCode(reason);
  } finally {
    progress.clear();
  }
}

function print(text: string): number {
  writeText('stdout', text);
  return 0;
}

function reportUsageError(message: string, help: string): number {
  writeMessage(`${message} See: ${help}`);
  return exitCodes.usage.code;
}
