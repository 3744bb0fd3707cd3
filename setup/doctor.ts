import type { Finding, Part } from './part.ts';

/**
 * Prints what is found of each part as a table, with a remedy for each fault.
 * @returns the exit code: 0 where all is well
 */
export async function doctor(parts: readonly Part[]): Promise<number> {
  const findings: Finding[] = [];
  for (const part of parts) findings.push(await part.check(true));
  const rows = findings.map(({ part, ok, text, remedy, testsOnly }) => [part, ok ? 'ok' : testsOnly ? '-' : 'FAULT', text, remedy ?? '']);
  process.stdout.write(`${table([['part', '', 'found', 'remedy'], ...rows])}\n`);
  return findings.every(({ ok, testsOnly }) => ok || testsOnly) ? 0 : 1;
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0)));
  return rows
    .map(row =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
