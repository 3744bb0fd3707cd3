import { ended, type Outcome } from '../job.ts';
import { keys, placeOf } from '../names.ts';
import { readEnd, writeEnd } from '../record.ts';
import type { ClientParts } from './client.ts';

/**
 * Takes a job back that no worker has; it never runs then. Taking it out of BullMQ's list of waiting jobs is one
 * atomic step, as is a worker's taking it: one of the two gets it.
 * @returns how the job ended (`withdrawn`, or what it came to at the last moment), or nothing where it runs
 */
export async function withdraw({ redis, queues, resultTtl }: ClientParts, id: string): Promise<Outcome | undefined> {
  const place = placeOf(id);
  if (!place) return undefined;
  const queue = queues.of(place.node, place.lane);
  // A queue that somebody has paused keeps its waiting jobs in the other list.
  const taken = await Promise.all([redis.lrem(queue.toKey('wait'), 1, id), redis.lrem(queue.toKey('paused'), 1, id)]);
  if (taken.every(count => count === 0)) return (await readEnd(redis, id)).outcome;
  const outcome = ended('withdrawn');
  const job = await queue.getJob(id);
  await writeEnd(redis, id, outcome, job && { data: job.data, timestamp: job.timestamp }, resultTtl);
  await Promise.all([redis.del(keys.sealed(id)), queue.remove(id)]);
  return outcome;
}
