import { latencyCells, markdownTable } from '../markdown.ts';
import { chartFileName } from './charts.ts';
import type { ScenarioResult } from './scenarios.ts';

/** Returns the results in Markdown: for each operation a table and, with several numbers of callers, its chart. */
export function createReport(results: readonly ScenarioResult[]): string {
  return [...new Set(results.map(({ operation }) => operation))].map(operation => createSection(operation, results)).join('\n\n');
}

function createSection(operation: string, results: readonly ScenarioResult[]): string {
  const own = results.filter(result => result.operation === operation);
  const callerCounts = [...new Set(own.map(({ callers }) => callers))];
  const targets = [...new Set(own.map(({ target }) => target))];
  const rows = targets.map(target => [
    target,
    ...callerCounts.flatMap(count => latencyCells(own.find(result => result.target === target && result.callers === count)?.latency)),
  ]);
  const table = markdownTable(['callers', ...callerCounts.flatMap(count => [`${count}: p50`, 'p95', 'per s'])], rows);
  const chart = `![Latency and throughput by the number of callers](pictures/${chartFileName(operation)})`;
  return [`### ${operation}`, table, ...(callerCounts.length < 2 ? [] : [chart])].join('\n\n');
}
