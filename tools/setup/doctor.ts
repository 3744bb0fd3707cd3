import type { Finding, Part } from './part.ts';

/**
 * Prints the findings for all parts as a table, with a remedy for each fault.
 * @returns the exit code: 0 if everything that the service needs is right
 */
export async function doctor(parts: readonly Part[]): Promise<number> {
  const findings: Finding[] = [];
  for (const part of parts) findings.push(await part.check(true));
  const rows = findings.map(({ part, ok, text, remedy, isTestsOnly }) => [
    part,
    ok ? 'ok' : isTestsOnly ? '-' : 'FAULT',
    text,
    remedy ?? '',
  ]);
  process.stdout.write(`${formatTable([['part', '', 'found', 'remedy'], ...rows])}\n`);
  return findings.every(({ ok, isTestsOnly }) => ok || isTestsOnly) ? 0 : 1;
}

function formatTable(rows: readonly (readonly string[])[]): string {
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
