import { type Counts, type QueueClient, redisAway, type Slice, type WorkerReport } from '@podman-api/queue';
import { uptimeText } from './uptime.ts';

export interface Figures {
  readonly uptime_seconds: number;
  readonly uptime_human: string;
  /** podman commands that all workers together may run at once. */
  readonly max_workers: number;
  /** podman commands that run now. */
  readonly active_threads: number;
  readonly queue: Counts;
  readonly workers: readonly WorkerReport[];
  /** What ended in the last ten minutes. */
  readonly recent: readonly Slice[];
}

/**
 * The figures of the whole fleet; the uptime is this process's.
 * @throws ApiError (503) while Redis is away
 */
export async function readFigures(queue: QueueClient): Promise<Figures> {
  const { isRedisAvailable, workers } = queue.fleet;
  if (!isRedisAvailable) throw redisAway();
  const uptime = process.uptime();
  return {
    uptime_seconds: Math.floor(uptime),
    uptime_human: uptimeText(uptime),
    max_workers: workers.reduce((sum, worker) => sum + worker.max_workers, 0),
    active_threads: workers.reduce((sum, worker) => sum + worker.running, 0),
    queue: await queue.counts([...new Set(workers.map(worker => worker.node))]),
    workers,
    recent: queue.recent,
  };
}
