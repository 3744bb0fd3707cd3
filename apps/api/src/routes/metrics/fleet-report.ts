import type { WorkerReport } from '@podman-api/cluster';
import type { Counts } from '@podman-api/jobs';
import { redisUnavailable } from '@podman-api/redis';
import type { Slice } from '@podman-api/stats';
import type { RouteContext } from '../../context.ts';
import type { AppParts } from '../../parts.ts';

/** The figures of the fleet in a response. */
export interface FleetReport {
  readonly uptime_seconds: number;
  readonly uptime_human: string;
  /** podman commands that all workers together may run at once. */
  readonly max_workers: number;
  /** podman commands that run now. */
  readonly active_threads: number;
  readonly queue: Counts;
  readonly workers: readonly WorkerReport[];
  /** The jobs that ended in the last ten minutes. */
  readonly recent: readonly Slice[];
}

/** Handles `GET /metrics` below the base path: the figures as JSON. */
export function metrics(parts: AppParts) {
  return async (ctx: RouteContext): Promise<void> => {
    ctx.body = { success: true, ...(await readFleetReport(parts)), timestamp: new Date().toISOString() };
  };
}

/**
 * Reads the figures of the whole fleet; the uptime is this process's.
 * @throws ApiError (503) while Redis is unavailable
 */
export async function readFleetReport({ fleet, jobs, stats }: Pick<AppParts, 'fleet' | 'jobs' | 'stats'>): Promise<FleetReport> {
  const { isRedisAvailable, workers } = fleet;
  if (!isRedisAvailable) throw redisUnavailable();
  const uptime = process.uptime();
  return {
    uptime_seconds: Math.floor(uptime),
    uptime_human: formatUptime(uptime),
    max_workers: workers.reduce((sum, worker) => sum + worker.max_workers, 0),
    active_threads: workers.reduce((sum, worker) => sum + worker.running, 0),
    queue: await jobs.countJobs([...new Set(workers.map(worker => worker.node))]),
    workers,
    recent: stats.recent,
  };
}

/** Formats seconds as `2d 3h 0m 5s`, from the largest unit that is not zero. */
export function formatUptime(seconds: number): string {
  const whole = Math.floor(seconds);
  const parts = [
    [Math.floor(whole / 86_400), 'd'],
    [Math.floor(whole / 3600) % 24, 'h'],
    [Math.floor(whole / 60) % 60, 'm'],
    [whole % 60, 's'],
  ] as const;
  const first = parts.findIndex(([count]) => count > 0);
  return parts
    .slice(first === -1 ? -1 : first)
    .map(([count, unit]) => `${count}${unit}`)
    .join(' ');
}
