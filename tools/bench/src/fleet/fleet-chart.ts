import { drawCharts } from '../chart.ts';
import type { FleetResult } from './measure-fleet.ts';

const lines: readonly { readonly name: string; readonly color: string; readonly select: (result: FleetResult) => number }[] = [
  { name: 'list of all containers', color: '#b45309', select: ({ list }) => list.p50Ms },
  { name: 'unknown name', color: '#7c3aed', select: ({ unknown }) => unknown.p50Ms },
  { name: 'exec of true', color: '#0f766e', select: ({ exec }) => exec.p50Ms },
  { name: 'inspect', color: '#1d4ed8', select: ({ inspect }) => inspect.p50Ms },
];

/** Returns an SVG with the medians by the number of nodes. */
export function drawFleetChart(results: readonly FleetResult[]): string {
  return drawCharts([
    {
      title: 'Medians by the number of nodes',
      xLabel: 'nodes, with 20 containers each',
      lines: lines.map(({ name, color, select }) => ({
        name,
        color,
        points: results.map(result => [result.nodes, select(result)] as const),
      })),
      yRange: [1, 10_000],
      yUnit: 'ms',
    },
  ]);
}
