import { endHalfMade, halfWay } from '../client/half-made.ts';
import type { Withdrawing } from '../client/withdraw.ts';
import { keys, placeOf } from '../names.ts';
import { isEnd, readRecord } from '../record/record.ts';
import { runScript } from '../record/script.ts';
import type { RedisClient } from '../redis.ts';
import { giveBackName } from './claim-name.ts';
import { type Entry, isClaim } from './entry.ts';

/** What a job has made, and could not tell, is listed within this time after its end, in ms. */
const settledAfter = 20_000;

/**
 * Gives a name back whose job will not use it any more: it has ended, or was never made, for its API process died.
 * @returns whether it did
 */
export async function giveBackIfStale(parts: Withdrawing, entry: Entry): Promise<boolean> {
  const { redis } = parts;
  const { name, node, id: job } = entry;
  if (!isClaim(entry)) return false;
  const record = await readRecord(redis, job);
  // Its API process may only have stood still: what is ended first never runs.
  if (record) await endHalfMade(parts, job, record);
  if (!(await isStale(redis, entry))) return false;
  await giveBackName(redis, { name, node, job });
  return true;
}

async function isStale(redis: RedisClient, { id: job, node }: Entry): Promise<boolean> {
  const record = await readRecord(redis, job);
  // One that has failed has made nothing.
  if (record && record.status !== 'unknown' && record.status !== 'succeeded') return isEnd(record.status);
  const settled = record
    ? Date.now() - Date.parse(record.finished_at ?? '') > settledAfter
    : Date.now() - (placeOf(job)?.created ?? 0) > halfWay;
  // What a worker that died has made is there when its node comes back: one of the node's has to look first.
  return settled && (await redis.sismember(keys.orphans(node), job)) === 0;
}

const dropScript = `
redis.call('ZREM', KEYS[1], ARGV[2] .. ' ' .. ARGV[1] .. ' ' .. ARGV[3])
redis.call('ZREM', KEYS[2], ARGV[3] .. ' ' .. ARGV[1] .. ' ' .. ARGV[2])
if redis.call('HGET', KEYS[3], ARGV[3]) == ARGV[2] then redis.call('HDEL', KEYS[3], ARGV[3]) end
return ''`;

/** Takes a container out of the directory that its node has no more. */
export async function dropEntry(redis: RedisClient, { name, node, id }: Entry): Promise<void> {
  await runScript(redis, dropScript, [keys.names, keys.ids, keys.containers(node)], [node, name, id]);
}
