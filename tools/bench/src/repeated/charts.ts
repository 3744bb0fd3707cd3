import { type Chart, type ChartLine, drawCharts } from '../chart.ts';
import type { LatencySummary } from '../latency-meter.ts';
import type { ScenarioResult } from './scenarios.ts';

const colors = ['#0f766e', '#7c3aed', '#1d4ed8', '#b45309', '#6b7280', '#374151'];

/** Returns the name of the SVG file of an operation, such as `exec.svg`. */
export function chartFileName(operation: string): string {
  return `${/^\w+/.exec(operation)?.[0]}.svg`;
}

/** Returns an SVG by file name, with latency and throughput, of each operation that was measured with several numbers of callers. */
export function createCharts(results: readonly ScenarioResult[]): ReadonlyMap<string, string> {
  const operations = [...new Set(results.filter(({ callers }) => callers > 1).map(({ operation }) => operation))];
  return new Map(
    operations.map(operation => {
      const rows = results.filter(result => result.operation === operation);
      const chart = (select: (latency: LatencySummary) => number, rest: Pick<Chart, 'title' | 'yRange' | 'yUnit'>): Chart => ({
        ...rest,
        xLabel: 'callers at once',
        lines: linesOf(rows, select),
      });
      const title = operation.replaceAll('`', '');
      const charts = [
        chart(({ p50Ms }) => p50Ms, { title: `${title}: median`, yRange: [0.1, 10_000], yUnit: 'ms' }),
        chart(({ perSecond }) => perSecond, { title: `${title}: throughput`, yRange: [1, 10_000], yUnit: '/s' }),
      ];
      return [chartFileName(operation), drawCharts(charts)];
    }),
  );
}

function linesOf(results: readonly ScenarioResult[], select: (latency: LatencySummary) => number): readonly ChartLine[] {
  return [...new Set(results.map(({ target }) => target))].map((target, index) => ({
    name: target,
    color: colors[index % colors.length] ?? '#000',
    points: results.filter(result => result.target === target).map(({ callers, latency }) => [callers, select(latency)] as const),
  }));
}
