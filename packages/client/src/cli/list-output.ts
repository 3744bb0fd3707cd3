import type { CommandContext } from './context.ts';
import type { Flag } from './define-command.ts';
import { UsageError } from './errors.ts';
import { formatTable } from './format-table.ts';
import { printableJson, printableLine } from './printable.ts';

/** Flags of commands that print a list. */
export const listFlags = {
  format: { type: 'string', value: 'FORMAT', description: 'table or json; default: table' },
  quiet: { type: 'boolean', short: 'q', description: 'print names or ids only' },
} as const satisfies Readonly<Record<string, Flag>>;

/** Format of a printed list. */
export type ListFormat = 'table' | 'json' | 'quiet';

/** A list in the forms that a command can print. */
export interface Listing<Item> {
  readonly items: readonly Item[];
  readonly headings: readonly string[];
  /** Rows of the table, without the headings. */
  readonly rows: readonly (readonly string[])[];
  /** Names or ids for --quiet, each of which is printed once. */
  readonly names: readonly string[];
}

/** Returns how a list is to be printed. @throws UsageError for a format that does not exist */
export function parseListFormat({ format = 'table', quiet }: { readonly format?: string; readonly quiet?: boolean }): ListFormat {
  if (format !== 'table' && format !== 'json') throw new UsageError(`--format must be table or json, but is "${format}".`);
  return quiet ? 'quiet' : format;
}

/** Prints a list as a table, as JSON, or as names. */
export function printList<Item>({ print }: CommandContext, format: ListFormat, listing: Listing<Item>): Promise<void> {
  if (format === 'json') return print(printableJson(listing.items));
  if (format === 'table') return print(`${formatTable(listing.headings, listing.rows)}\n`);
  return printNames(print, listing.names);
}

async function printNames(print: CommandContext['print'], names: readonly string[]): Promise<void> {
  const lines = [...new Set(names)].map(name => `${printableLine(name)}\n`);
  if (lines.length > 0) await print(lines.join(''));
}

/** Prints the names of the resources that a prune has removed, one on a line, and warns of nodes that did not answer. */
export async function printPruned({ printLine, printMessage }: CommandContext, names: readonly string[], unreachable: readonly string[]) {
  for (const name of names) await printLine(name);
  if (unreachable.length > 0)
    printMessage(`these nodes did not answer in time, and may not have removed anything: ${unreachable.join(', ')}`);
}

/** Warns of nodes whose part of a list is missing. @param noun noun for the items, such as `containers` */
export function warnUnreachable({ printMessage }: CommandContext, unreachable: readonly string[], noun: string): void {
  if (unreachable.length > 0) printMessage(`these nodes did not answer, and their ${noun} are missing: ${unreachable.join(', ')}`);
}
