import type { RedisClient } from '@podman-api/redis';
import { type Job, UnrecoverableError } from 'bullmq';
import type { JobData } from '../job.ts';
import { parseJobId } from '../job-id.ts';
import { lanes } from '../lanes.ts';
import { queueKey } from './queue-names.ts';
import type { JobSummary, Queues } from './queues.ts';

/** BullMQ token that moves an active job without holding its lock. */
const noToken = '0';

/** Returns the ids of the jobs that are active for a worker of a node. BullMQ stores the worker's name in the field `pb`. */
export async function findActiveJobs(redis: RedisClient, node: string, worker: string): Promise<string[]> {
  const perLane = await Promise.all(
    lanes.map(async lane => {
      const ids = await redis.lrange(queueKey(node, lane, 'active'), 0, -1);
      const owners = await Promise.all(ids.map(id => redis.hget(queueKey(node, lane, id), 'pb')));
      return ids.filter((_, index) => owners[index] === worker);
    }),
  );
  return perLane.flat();
}

/** Returns BullMQ's job; `undefined` if its queue has no job with this id. */
export async function findBullJob(queues: Queues, id: string): Promise<Job<JobData, JobSummary> | undefined> {
  const parts = parseJobId(id);
  return parts && queues.of(parts.node, parts.lane).getJob(id);
}

/** Moves an active job back to the front of the waiting list. Does nothing if there is no such job. */
export async function requeue(queues: Queues, id: string): Promise<void> {
  await (await findBullJob(queues, id))?.moveToWait(noToken);
}

/** Moves an active job whose record has ended to the failed list. Does nothing if there is no such job. */
export async function moveToFailed(queues: Queues, id: string, reason: string): Promise<void> {
  await (await findBullJob(queues, id))?.moveToFailed(new UnrecoverableError(reason), noToken);
}
