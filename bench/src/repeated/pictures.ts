import { type Chart, drawCharts, type Line } from '../chart.ts';
import type { Figures } from '../measure.ts';
import type { Result } from './main.ts';

/** As dark as text must be on white (WCAG 2.2, 1.4.3). */
const colors = ['#0f766e', '#7c3aed', '#1d4ed8', '#b45309', '#6b7280', '#374151'];

/** The name of the picture of something that was done. */
export function pictureFile(what: string): string {
  return `${/^\w+/.exec(what)?.[0]}.svg`;
}

/** A picture for each thing that was done by several numbers of callers, by its file's name: latency, and throughput. */
export function pictures(results: readonly Result[]): ReadonlyMap<string, string> {
  const whats = [...new Set(results.filter(({ callers }) => callers > 1).map(({ what }) => what))];
  return new Map(
    whats.map(what => {
      const rows = results.filter(result => result.what === what);
      const chart = (of: (figures: Figures) => number, rest: Pick<Chart, 'title' | 'range' | 'unit'>): Chart => ({
        ...rest,
        below: 'callers at once',
        lines: linesOf(rows, of),
      });
      const plain = what.replaceAll('`', '');
      const charts = [
        chart(({ p50 }) => p50, { title: `${plain}: median`, range: [0.1, 10_000], unit: 'ms' }),
        chart(({ perSecond }) => perSecond, { title: `${plain}: throughput`, range: [1, 10_000], unit: '/s' }),
      ];
      return [pictureFile(what), drawCharts(charts)];
    }),
  );
}

function linesOf(rows: readonly Result[], of: (figures: Figures) => number): readonly Line[] {
  return [...new Set(rows.map(({ way }) => way))].map((way, index) => ({
    name: way,
    color: colors[index % colors.length] ?? '#000',
    points: rows.filter(row => row.way === way).map(({ callers, figures }) => [callers, of(figures)] as const),
  }));
}
