import { LatencyMeter, type LatencySummary } from '../latency-meter.ts';
import { markdownTable } from '../markdown.ts';
import type { Target } from '../targets/target.ts';

/** Latency of a read right after a change. */
export interface ReadAfterChange {
  readonly read: string;
  /** Number of containers of the host. */
  readonly containers: number;
  /** In the order of the targets. */
  readonly latencies: readonly LatencySummary[];
}

/**
 * Measures reads right after a change, which all targets see. They alternate, so that a host that becomes slower does so for all.
 * @param change changes a container by a call of the API, and resolves when that has returned
 */
export async function measureReadsAfterChange(
  targets: readonly Target[],
  container: string,
  containers: number,
  rounds: number,
  change: () => Promise<unknown>,
): Promise<ReadAfterChange[]> {
  const results: ReadAfterChange[] = [];
  for (const read of ['list', 'inspect'] as const) {
    const meters = targets.map(target => ({ target, meter: new LatencyMeter() }));
    for (let round = 0; round < rounds; round += 1) {
      for (const { target, meter } of meters) {
        await change();
        await meter.run(1, 1, () => target[read](container));
      }
    }
    results.push({ read, containers, latencies: meters.map(({ meter }) => meter.summarize()) });
  }
  return results;
}

/** Returns the latencies as a table in Markdown. */
export function createReadsReport(targets: readonly Target[], results: readonly ReadAfterChange[]): string {
  return markdownTable(
    ['right after a change', 'containers', ...targets.flatMap(({ name }) => [`${name}: p50, ms`, 'p95'])],
    results.map(({ read, containers, latencies }) => [
      read,
      containers,
      ...latencies.flatMap(({ p50Ms, p95Ms }) => [p50Ms.toFixed(1), p95Ms.toFixed(1)]),
    ]),
  );
}
