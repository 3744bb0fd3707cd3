import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import type { LatencySummary } from './latency-meter.ts';

type Cell = string | number;

/** Returns a table in Markdown. @param rows cells, as many as there are headings */
export function markdownTable(headings: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const line = (cells: readonly Cell[]) => `|${cells.map(cell => (cell === '' ? ' ' : ` ${cell} `)).join('|')}|`;
  return [line(headings), `|${'---|'.repeat(headings.length)}`, ...rows.map(line)].join('\n');
}

/** Returns the cells p50, p95 and calls per second of a table; dashes if it was not measured. */
export function latencyCells(latency: LatencySummary | undefined): readonly string[] {
  return latency ? [latency.p50Ms, latency.p95Ms, latency.perSecond].map(value => value.toFixed(1)) : ['–', '–', '–'];
}

/** Returns a list in Markdown of the machine and the versions of the programs that were measured. */
export function describeMachine(programs: readonly string[]): string {
  const [cpu] = cpus();
  return [
    `- ${cpus().length} × ${cpu?.model.trim()}, ${Math.round(totalmem() / 1024 ** 3)} GiB, Linux ${release()}`,
    ...programs.map(program => `- ${program}`),
  ].join('\n');
}

/**
 * Replaces the text between two comments of a document, `<!-- <mark> -->` and `<!-- /<first word of the mark> -->`.
 * @param mark such as `figures: written by npm run bench:fleet`
 * @throws Error if the document lacks one of the comments
 */
export function replaceSection(document: string, mark: string, text: string): string {
  const begin = `<!-- ${mark} -->`;
  const end = `<!-- /${/^\w+/.exec(mark)?.[0]} -->`;
  const [before, rest] = document.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`the document lacks "${begin} … ${end}"; add the two comments`);
  return `${before}${begin}\n${text}\n${end}${after}`;
}

/** Replaces the text between two comments of a file, as `replaceSection` does. */
export function replaceSectionInFile(file: URL, mark: string, text: string): void {
  writeFileSync(file, replaceSection(readFileSync(file, 'utf8'), mark, text));
}
