import { type Job, UnrecoverableError } from 'bullmq';
import type { JobData } from '../job.ts';
import { lanes, placeOf, queueKey } from '../names.ts';
import type { JobSummary, Queues } from '../queues.ts';
import type { RedisClient } from '../redis.ts';

/** The jobs of a node that BullMQ has given to a worker and not had back. */
export async function heldBy(redis: RedisClient, node: string, worker: string): Promise<string[]> {
  const perLane = await Promise.all(
    lanes.map(async lane => {
      const ids = await redis.lrange(queueKey(node, lane, 'active'), 0, -1);
      const owners = await Promise.all(ids.map(id => redis.hget(queueKey(node, lane, id), 'pb')));
      return ids.filter((_, index) => owners[index] === worker);
    }),
  );
  return perLane.flat();
}

/** BullMQ's own job; nothing where it has none, or none any more. */
export async function heldJob(queues: Queues, id: string): Promise<Job<JobData, JobSummary> | undefined> {
  const place = placeOf(id);
  return place && queues.of(place.node, place.lane).getJob(id);
}

/** Puts a job back to the front of those that wait. */
export async function giveBack(queues: Queues, id: string): Promise<void> {
  await (await heldJob(queues, id))?.moveToWait('0');
}

/** Takes a job that has ended out of BullMQ's list of those that run. */
export async function putAway(queues: Queues, id: string, why: string): Promise<void> {
  await (await heldJob(queues, id))?.moveToFailed(new UnrecoverableError(why), '0');
}
