import type { Lane } from '@podman-api/operations';
import { lanes, queueKey } from '../names.ts';
import type { Queues } from '../queues.ts';
import type { RedisClient } from '../redis.ts';

const states = ['waiting', 'active', 'completed', 'failed'] as const;

/** How many jobs are in each of BullMQ's states. */
export type Counts = Record<(typeof states)[number], number>;

/** Counts the jobs of some nodes, all lanes together. */
export async function countJobs(queues: Queues, nodes: readonly string[]): Promise<Counts> {
  const all = nodes.flatMap(node => lanes.map(lane => queues.of(node, lane)));
  const counts = await Promise.all(all.map(queue => queue.getJobCounts(...states)));
  const sum = (state: (typeof states)[number]) => counts.reduce((total, count) => total + (count[state] ?? 0), 0);
  return { waiting: sum('waiting'), active: sum('active'), completed: sum('completed'), failed: sum('failed') };
}

/** How many jobs a queue has. */
export interface Depth {
  readonly node: string;
  readonly lane: Lane;
  readonly waiting: number;
  /** With a worker. */
  readonly active: number;
}

/** Counts the jobs in each queue of some nodes. */
export async function countDepths(redis: RedisClient, nodes: readonly string[]): Promise<readonly Depth[]> {
  return Promise.all(
    nodes.flatMap(node =>
      lanes.map(async lane => {
        const [waiting, active] = await Promise.all([redis.llen(queueKey(node, lane, 'wait')), redis.llen(queueKey(node, lane, 'active'))]);
        return { node, lane, waiting, active };
      }),
    ),
  );
}

/** Counts the jobs that wait for each of some nodes, all lanes together. */
export async function countWaiting(redis: RedisClient, nodes: readonly string[]): Promise<readonly number[]> {
  return Promise.all(
    nodes.map(async node => {
      const lengths = await Promise.all(lanes.map(lane => redis.llen(queueKey(node, lane, 'wait'))));
      return lengths.reduce((sum, length) => sum + length, 0);
    }),
  );
}
