import { drawCharts } from '../chart.ts';
import type { Row } from './plan.ts';

const lines: readonly { readonly name: string; readonly color: string; readonly of: (row: Row) => number }[] = [
  { name: 'list of all containers', color: '#b45309', of: ({ list }) => list.p50 },
  { name: 'name that nobody has', color: '#7c3aed', of: ({ unknown }) => unknown.p50 },
  { name: 'exec of true', color: '#0f766e', of: ({ exec }) => exec.p50 },
  { name: 'inspect', color: '#1d4ed8', of: ({ inspect }) => inspect.p50 },
];

/** The medians of all sizes as an SVG. */
export function pictureOf(rows: readonly Row[]): string {
  return drawCharts([
    {
      title: 'Medians by the number of nodes',
      below: 'nodes, with 20 containers each',
      lines: lines.map(({ name, color, of }) => ({ name, color, points: rows.map(row => [row.nodes, of(row)] as const) })),
      range: [1, 10_000],
      unit: 'ms',
    },
  ]);
}
