import type { Result } from './main.ts';

/** The report, in Markdown. */
export function table(results: readonly Result[], versions: string): string {
  const whats = [...new Set(results.map(({ what }) => what))];
  const sections = whats.map(what => {
    const rows = results.filter(result => result.what === what);
    const callers = [...new Set(rows.map(row => row.callers))];
    const ways = [...new Set(rows.map(row => row.way))];
    const lines = ways.map(way => {
      const cells = callers.map(count => {
        const figures = rows.find(row => row.way === way && row.callers === count)?.figures;
        return figures ? [figures.p50, figures.p95, figures.perSecond].map(value => value.toFixed(1)).join(' | ') : '– | – | –';
      });
      return `| ${way} | ${cells.join(' | ')} |`;
    });
    return [
      `## ${what}`,
      '',
      `| callers | ${callers.map(count => `${count}: p50 | p95 | per s`).join(' | ')} |`,
      `|---|${callers.map(() => '---|---|---|').join('')}`,
      ...lines,
      '',
    ].join('\n');
  });
  return [
    '# The same thing again and again in one container',
    '',
    'Written by `npm run bench:sessions`: by turns in one run on one host, times in ms. Podman has exit_command_delay=1, for by',
    'default its service leaves two conmon behind for each exec, for five minutes, which weigh on all that is measured beside.',
    '',
    versions,
    '',
    ...sections,
  ].join('\n');
}
