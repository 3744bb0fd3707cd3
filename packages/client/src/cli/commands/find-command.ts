import { type CliCommand, type CommandGroup, isGroup } from '../define-command.ts';
import { sections } from './index.ts';

/** A command, or a group of commands, that a command line names. */
export type FoundCommand =
  | { readonly name: string; readonly command: CliCommand; readonly args: readonly string[] }
  | { readonly name: string; readonly group: CommandGroup; readonly args: readonly string[] };

/**
 * Finds the command of a command line.
 * @param words command line without the program's name
 * @returns the command with the arguments after its name; a group if no command of it is named; `undefined` if there is none
 */
export function findCommand([name = '', ...args]: readonly string[]): FoundCommand | undefined {
  const command = sections.map(({ commands }) => findByName(commands, name)).find(found => found !== undefined);
  if (!command) return undefined;
  if (!isGroup(command)) return { name, command, args };
  const [second = '', ...rest] = args;
  const member = findByName(command.commands, second);
  return member ? { name: `${name} ${second}`, command: member, args: rest } : { name, group: command, args };
}

function findByName<Found>(commands: Readonly<Record<string, Found>>, name: string): Found | undefined {
  return Object.hasOwn(commands, name) ? commands[name] : undefined;
}
