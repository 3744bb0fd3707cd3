import { ended, type Outcome } from '../job.ts';
import { keys, placeOf } from '../names.ts';
import { readEnd } from '../record.ts';
import type { ClientParts } from './client.ts';

/**
 * Takes a job out of BullMQ's lists of those that wait (a paused queue has another) and keeps it as our own record:
 * one atomic step, as a worker's taking it is, so that one of the two gets it.
 */
const script = `
if redis.call('LREM', KEYS[1], 1, ARGV[1]) + redis.call('LREM', KEYS[2], 1, ARGV[1]) == 0 then return 0 end
local job = redis.call('HMGET', KEYS[3], 'data', 'timestamp')
redis.call('HSET', KEYS[4], 'outcome', ARGV[2], 'job', '{"data":' .. job[1] .. ',"timestamp":' .. job[2] .. '}')
redis.call('EXPIRE', KEYS[4], ARGV[3])
redis.call('DEL', KEYS[3], KEYS[5])
return 1`;

/**
 * Takes a job back that no worker has; it never runs then. Doing so again is no different from once.
 * @returns how the job ended (`withdrawn`, or what it came to at the last moment), or nothing where it runs
 */
export async function withdraw({ redis, queues, resultTtl }: ClientParts, id: string): Promise<Outcome | undefined> {
  const place = placeOf(id);
  if (!place) return undefined;
  const queue = queues.of(place.node, place.lane);
  const outcome = ended('withdrawn');
  const touched = [queue.toKey('wait'), queue.toKey('paused'), queue.toKey(id), keys.record(id), keys.sealed(id)];
  const taken = await redis.eval(script, touched.length, ...touched, id, JSON.stringify(outcome), resultTtl);
  return taken === 1 ? outcome : (await readEnd(redis, id)).outcome;
}
