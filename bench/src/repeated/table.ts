import type { Result } from './main.ts';
import { pictureFile } from './pictures.ts';

/** What was found, in Markdown: a table for each thing that was done, and its picture. */
export function table(results: readonly Result[]): string {
  return [...new Set(results.map(({ what }) => what))].map(what => section(what, results)).join('\n\n');
}

function section(what: string, results: readonly Result[]): string {
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
    `### ${what}`,
    '',
    `| callers | ${callers.map(count => `${count}: p50 | p95 | per s`).join(' | ')} |`,
    `|---|${callers.map(() => '---|---|---|').join('')}`,
    ...lines,
    ...(callers.length < 2 ? [] : ['', `![Latency and throughput by the number of callers](pictures/${pictureFile(what)})`]),
  ].join('\n');
}
