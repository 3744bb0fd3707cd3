import type { Processes } from './processes.ts';

/** What a call costs. */
export interface Row {
  readonly what: string;
  readonly callers: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly perSecond: number;
  /** Microseconds of a processor's time a call. */
  readonly cpu: Readonly<Record<keyof Processes, number>>;
}

/** The table, in Markdown. @param commands how many Redis is told for a call by one caller */
export function tableOf(rows: readonly Row[], commands: ReadonlyMap<string, number>): string {
  return [
    '| | callers | p50, ms | per s | API, µs of CPU | worker, µs | Redis, µs | commands to Redis |',
    '|---|---|---|---|---|---|---|---|',
    ...rows.map(({ what, callers, p50, perSecond, cpu }) => {
      const told = callers === 1 ? (commands.get(what)?.toFixed(1) ?? '') : '';
      const times = [cpu.API, cpu.worker, cpu.Redis].map(Math.round);
      return `| ${[what, callers, p50.toFixed(1), Math.round(perSecond), ...times, told].join(' | ')} |`;
    }),
  ].join('\n');
}
