import { type CliCommand, type CommandGroup, isGroup } from '../define-command.ts';
import { loadCommand } from './index.ts';

/** A command, or a group of commands, that a command line names. */
export type FoundCommand =
  | { readonly name: string; readonly command: CliCommand; readonly args: readonly string[] }
  | { readonly name: string; readonly group: CommandGroup; readonly args: readonly string[] };

/**
 * Finds and loads the command of a command line.
 * @param words command line without the program's name
 * @returns the command with the arguments after its name; a group if no command of it is named; `undefined` if there is none
 */
export async function findCommand([name = '', ...args]: readonly string[]): Promise<FoundCommand | undefined> {
  const command = await loadCommand(name);
  if (!command) return undefined;
  if (!isGroup(command)) return { name, command, args };
  const [second = '', ...rest] = args;
  const member = Object.hasOwn(command.commands, second) ? command.commands[second] : undefined;
  return member ? { name: `${name} ${second}`, command: member, args: rest } : { name, group: command, args };
}
