import type { Outcome } from '../job.ts';
import { keys } from '../names.ts';
import type { RedisClient } from '../redis.ts';
import { endFields } from './end.ts';
import { luaTell, runScript } from './script.ts';

/**
 * Ends a job that no worker has begun. The record decides, in one atomic step as `begin` does: one of the two comes
 * first. That BullMQ's lists (a paused queue has another) lose it is for tidiness; a worker that has it already is
 * refused. Where several wait, the last of them to leave ends it.
 */
const script = `${luaTell}
if ARGV[4] ~= '' then
  redis.call('SREM', KEYS[3], ARGV[4])
  if redis.call('SCARD', KEYS[3]) > 0 then return 'wanted' end
end
local status = redis.call('HGET', KEYS[1], 'status')
if status == ARGV[2] and redis.call('HGET', KEYS[1], 'finished_at') == ARGV[6] then return 'dismissed' end
if status ~= 'queued' then return status or '' end
if redis.call('LREM', KEYS[4], 1, ARGV[1]) + redis.call('LREM', KEYS[5], 1, ARGV[1]) > 0 then redis.call('DEL', KEYS[6]) end
redis.call('HSET', KEYS[1], 'status', ARGV[2], unpack(ARGV, 7))
redis.call('EXPIRE', KEYS[1], ARGV[3])
redis.call('DEL', KEYS[2], KEYS[3])
tell(KEYS[1], ARGV[5])
return 'dismissed'`;

/** What a dismissal needs to know. */
export interface Dismissal {
  readonly id: string;
  readonly outcome: Outcome;
  readonly resultTtl: number;
  /** Who ceases to wait, where several may; without it the job ends whoever waits. */
  readonly waiter?: string | undefined;
  /** BullMQ's keys: the lists of jobs that wait, and the job. */
  readonly lists: readonly [waiting: string, paused: string, job: string];
}

/**
 * Ends a job that has not begun and that nobody else waits for. Doing so again is no different from once.
 * @returns whether it was ended so by this call
 */
export async function dismiss(redis: RedisClient, { id, outcome, resultTtl, waiter = '', lists }: Dismissal): Promise<boolean> {
  const touched = [keys.record(id), keys.sealed(id), keys.waits(id), ...lists];
  const { output: _none, ...sent } = outcome;
  const fields = endFields(sent);
  const message = `${id} ${JSON.stringify(sent)}`;
  const values = [id, sent.status, resultTtl, waiter, message, sent.finished_at, ...fields];
  return (await runScript(redis, script, touched, values)) === 'dismissed';
}
