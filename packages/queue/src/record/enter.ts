import type { JobData } from '../job.ts';
import { longestLife } from '../limits.ts';
import { keys } from '../names.ts';
import type { RedisClient } from '../redis.ts';
import { birthFields } from './record.ts';
import { luaListen, runScript } from './script.ts';

/** What comes with a new job. */
export interface Entry {
  readonly id: string;
  readonly data: JobData;
  /** Its secret fields, sealed. */
  readonly sealed: Buffer | undefined;
  /** Where its outcome is told; nobody, where nobody waits. */
  readonly channel: string | undefined;
  /** Who waits, where several may; see `keys.waits`. */
  readonly waiter: string | undefined;
  /** BullMQ's list of the jobs that wait, and how many of them there may be. */
  readonly waiting: string;
  readonly room: number;
  /** Whether a missing record means that the job has ended and expired: then none is created. */
  readonly joinOnly?: boolean;
  readonly resultTtl: number;
}

const script = `${luaListen}
local status = redis.call('HGET', KEYS[1], 'status')
if not status then
  if ARGV[1] == 'join' then return 'gone' end
  if redis.call('LLEN', KEYS[4]) >= tonumber(ARGV[1]) then return 'full' end
  redis.call('HSET', KEYS[1], 'status', 'queued', unpack(ARGV, 6))
  redis.call('EXPIRE', KEYS[1], ARGV[2])
  if ARGV[3] ~= '' then redis.call('SET', KEYS[2], ARGV[3], 'EX', ARGV[2]) end
  status = 'queued'
elseif status ~= 'queued' and status ~= 'running' then
  return status
end
if ARGV[4] ~= '' then listen(KEYS[1], 'waiters', ARGV[4]) end
if ARGV[5] ~= '' then
  redis.call('SADD', KEYS[3], ARGV[5])
  redis.call('EXPIRE', KEYS[3], ARGV[2])
end
return status`;

/**
 * Makes a job's record and joins those who wait for it; where there is one already, only that. Doing so again is no
 * different from once.
 * @returns the job's status; `full` if the queue has no room and `gone` if the record to join has expired: nothing was made then
 */
export function enter(redis: RedisClient, entry: Entry): Promise<string> {
  const { id, data, sealed, channel, waiter, waiting, room, joinOnly = false, resultTtl } = entry;
  const touched = [keys.record(id), keys.sealed(id), keys.waits(id), waiting];
  return runScript(redis, script, touched, [
    joinOnly ? 'join' : room,
    longestLife + resultTtl,
    sealed ?? '',
    channel ?? '',
    waiter ?? '',
    ...birthFields(data),
  ]);
}

const joinScript = `${luaListen}
local status = redis.call('HGET', KEYS[1], 'status')
if status == 'queued' or status == 'running' then listen(KEYS[1], ARGV[1], ARGV[2]) end
return status or ''`;

/** Joins those who wait for a job's outcome or follow its output, where it has not ended. */
export async function join(redis: RedisClient, id: string, as: 'waiters' | 'followers', channel: string): Promise<void> {
  await runScript(redis, joinScript, [keys.record(id)], [as, channel]);
}
