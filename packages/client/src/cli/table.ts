import { printableLine } from './printable.ts';

/** Rows as a table: as wide as it must be, two spaces between columns, none at the end of a line. Cells are made printable. */
export function tableOf(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [heads, ...rows.map(row => row.map(printableLine))];
  const widths = heads.map((_, column) => Math.max(...lines.map(line => line[column]?.length ?? 0)));
  return lines.map(line => `${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd()).join('\n');
}
