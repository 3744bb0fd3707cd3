import manifest from '../../package.json' with { type: 'json' };
import { createClient } from '../client.ts';
import type { Command } from './command.ts';
import { commands } from './commands/index.ts';
import { createContext } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import { codeOf, lineOf, UsageError } from './failure.ts';
import { help, helpOf } from './help.ts';
import { watchInterrupts } from './interrupt.ts';
import { createProgress } from './progress.ts';
import { writeMessage, writeText } from './write.ts';

/**
 * Runs a command line.
 * @param args without the program's name
 * @returns the exit code
 */
export async function main([name = '', ...args]: readonly string[]): Promise<number> {
  const asked = name === 'help' ? (args[0] ?? '--help') : name;
  if (asked === '--help' || asked === '-h') return print(help());
  if (asked === '--version' || asked === '-v' || asked === 'version') return print(`${manifest.version}\n`);
  const command = Object.hasOwn(commands, asked) ? commands[asked] : undefined;
  if (!command) return refuse(asked === '' ? 'a command is wanted.' : `there is no command "${asked}".`, 'podman-api --help');
  if (name === 'help' || args[0] === '--help' || args[0] === '-h') return print(helpOf(asked, command));
  return perform(asked, command, args);
}

async function perform(name: string, command: Command, args: readonly string[]): Promise<number> {
  const stopping = watchInterrupts();
  const progress = createProgress(process.stderr);
  try {
    const api = createClient({ onRetry: () => progress.show('no answer yet, trying again') });
    return await command.run(args, createContext(api, stopping, progress));
  } catch (error) {
    const reason: unknown = stopping.aborted ? stopping.reason : error;
    progress.clear();
    const line = lineOf(reason);
    if (reason instanceof UsageError) return refuse(line, `podman-api ${name} --help`);
    if (line !== '') writeMessage(line);
    return codeOf(reason);
  } finally {
    progress.clear();
  }
}

function print(text: string): number {
  writeText('stdout', text);
  return 0;
}

function refuse(line: string, help: string): number {
  writeMessage(`${line} See: ${help}`);
  return exitCodes.usage.code;
}
