import type { Row } from './plan.ts';

const ms = (value: number) => (value < 100 ? value.toFixed(1) : `${Math.round(value)}`);
const percent = (share: number) => `${(share * 100).toFixed(1)} %`;

/** The table, in Markdown. */
export function tableOf(rows: readonly Row[]): string {
  return [
    '| nodes | inspect p50, ms | p95 | exec of `true` p50, ms | p95 | full list, ms | unknown name, ms | connections to Redis | API, MiB | API idle, of a core | Redis idle, of a core |',
    '|---|---|---|---|---|---|---|---|---|---|---|',
    ...rows.map(({ nodes, inspect, exec, list, unknown, connections, memory, idle }) => {
      const times = [inspect.p50, inspect.p95, exec.p50, exec.p95, list.p50, unknown.p50].map(ms);
      return `| ${[nodes, ...times, connections, Math.round(memory), percent(idle.api), percent(idle.redis)].join(' | ')} |`;
    }),
  ].join('\n');
}
