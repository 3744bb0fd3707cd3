import manifest from '../../package.json' with { type: 'json' };
import { createClient } from '../client.ts';
import { abortOnSignals } from './abort-on-signals.ts';
import { commands } from './commands/index.ts';
import { createContext } from './context.ts';
import type { Command } from './define-command.ts';
import { formatError, getExitCode, UsageError } from './errors.ts';
import { exitCodes } from './exit-codes.ts';
import { formatCommandHelp, formatHelp } from './help.ts';
import { createProgress } from './progress.ts';
import { writeMessage, writeText } from './write.ts';

/**
 * Runs a command line.
 * @param args without the program's name
 * @returns the exit code
 */
export async function main([first = '', ...args]: readonly string[]): Promise<number> {
  const name = first === 'help' ? (args[0] ?? '--help') : first;
  if (name === '--help' || name === '-h') return print(formatHelp());
  if (name === '--version' || name === '-v' || name === 'version') return print(`${manifest.version}\n`);
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) return reportUsageError(name === '' ? 'a command is missing.' : `there is no command "${name}".`, 'podman-api --help');
  if (first === 'help' || args[0] === '--help' || args[0] === '-h') return print(formatCommandHelp(name, command));
  return runCommand(name, command, args);
}

async function runCommand(name: string, command: Command, args: readonly string[]): Promise<number> {
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
