import { cancelled } from '../job.ts';
import { keys, placeOf } from '../names.ts';
import { runScript } from '../record/script.ts';
import type { ClientParts } from './client.ts';
import { withdraw } from './withdraw.ts';

/** Marks a job that runs; its worker looks for such jobs several times a second. */
const script = `
if redis.call('HGET', KEYS[1], 'status') ~= 'running' then return 'no' end
redis.call('HSET', KEYS[1], 'cancel', '1')
redis.call('SADD', KEYS[2], ARGV[1])
redis.call('EXPIRE', KEYS[2], ARGV[2])
return 'yes'`;

/** A worker that lives takes note within a second; what is left of a dead one's goes after an hour, in seconds. */
const noted = 3600;

/** Cancels a job: one that no worker has begun never runs; one that runs is being ended when this resolves. */
export async function cancelJob(parts: ClientParts, id: string): Promise<void> {
  const place = placeOf(id);
  if (!place) return;
  await withdraw(parts, id, { outcome: cancelled() });
  await runScript(parts.redis, script, [keys.record(id), keys.cancels(place.node)], [id, noted]);
}
