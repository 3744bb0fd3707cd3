import { markdownTable } from '../markdown.ts';
import type { FleetResult } from './measure-fleet.ts';

const ms = (value: number) => (value < 100 ? value.toFixed(1) : `${Math.round(value)}`);
const percent = (share: number) => `${(share * 100).toFixed(1)} %`;

/** Returns the results as a table in Markdown. */
export function createReport(results: readonly FleetResult[]): string {
  return markdownTable(
    [
      'nodes',
      ...['inspect p50, ms', 'p95', 'exec of `true` p50, ms', 'p95', 'full list, ms', 'unknown name, ms'],
      ...['connections to Redis', 'API, MiB', 'API idle, of a core', 'Redis idle, of a core'],
    ],
    results.map(({ nodes, inspect, exec, list, unknown, connections, apiMib, idleCpu }) => {
      const times = [inspect.p50Ms, inspect.p95Ms, exec.p50Ms, exec.p95Ms, list.p50Ms, unknown.p50Ms].map(ms);
      return [nodes, ...times, connections, Math.round(apiMib), percent(idleCpu.api), percent(idleCpu.redis)];
    }),
  );
}
