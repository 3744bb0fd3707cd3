import { markdownTable } from '../markdown.ts';
import type { ServiceProcesses } from './processes.ts';

/** Cost of one call of an operation. */
export interface CallCost {
  readonly operation: string;
  readonly callers: number;
  readonly p50Ms: number;
  readonly perSecond: number;
  /** CPU time of each process for a call, in µs. */
  readonly cpuMicroseconds: Readonly<Record<keyof ServiceProcesses, number>>;
}

/**
 * Returns the costs as a table in Markdown.
 * @param commandsPerCall commands to Redis for a call of each operation by one caller
 */
export function createReport(costs: readonly CallCost[], commandsPerCall: ReadonlyMap<string, number>): string {
  return markdownTable(
    ['', 'callers', 'p50, ms', 'per s', 'API, µs of CPU', 'worker, µs', 'Redis, µs', 'commands to Redis'],
    costs.map(({ operation, callers, p50Ms, perSecond, cpuMicroseconds: cpu }) => {
      const commands = callers === 1 ? (commandsPerCall.get(operation)?.toFixed(1) ?? '') : '';
      const times = [cpu.API, cpu.worker, cpu.Redis].map(Math.round);
      return [operation, callers, p50Ms.toFixed(1), Math.round(perSecond), ...times, commands];
    }),
  );
}
