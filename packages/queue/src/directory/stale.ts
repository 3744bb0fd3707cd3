import { keys, placeOf } from '../names.ts';
import { isEnd, readRecord } from '../record/record.ts';
import { runScript } from '../record/script.ts';
import type { RedisClient } from '../redis.ts';
import { giveBackName } from './claim-name.ts';
import { type Entry, isClaim } from './entry.ts';

/** An API process that stands still between claiming a name and making the job's record may take so long, in ms. */
const halfWay = 10_000;
/** What a job whose outcome is unknown has made shows within this time after its end, in ms. */
const settledAfter = 15_000;

/**
 * Gives a name back whose job will not use it any more: it has ended, or was never made, for its API process died.
 * @returns whether it did
 */
export async function giveBackIfStale(redis: RedisClient, entry: Entry): Promise<boolean> {
  const { name, node, id: job } = entry;
  if (!isClaim(entry) || !(await isStale(redis, job))) return false;
  await giveBackName(redis, { name, node, job });
  return true;
}

async function isStale(redis: RedisClient, job: string): Promise<boolean> {
  const record = await readRecord(redis, job);
  if (!record) return Date.now() - (placeOf(job)?.created ?? 0) > halfWay;
  if (!isEnd(record.status)) return false;
  const { status, finished_at } = record;
  return status !== 'unknown' || Date.now() - Date.parse(finished_at ?? '') > settledAfter;
}

const dropScript = `
redis.call('ZREM', KEYS[1], ARGV[2] .. ' ' .. ARGV[1] .. ' ' .. ARGV[3])
redis.call('ZREM', KEYS[2], ARGV[3] .. ' ' .. ARGV[1] .. ' ' .. ARGV[2])
redis.call('HDEL', KEYS[3], ARGV[3])
return ''`;

/** Takes a container out of the directory that its node has no more. */
export async function dropEntry(redis: RedisClient, { name, node, id }: Entry): Promise<void> {
  await runScript(redis, dropScript, [keys.names, keys.ids, keys.containers(node)], [node, name, id]);
}
