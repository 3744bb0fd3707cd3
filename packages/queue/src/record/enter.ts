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
  /** Size of the input, and how many bytes of large inputs may wait on the node. */
  readonly inputBytes: number;
  readonly maxQueueBytes: number;
  /** Whether a missing record means that the job has ended and expired: then none is created. */
  readonly joinOnly?: boolean;
  readonly resultTtl: number;
}

/** Inputs below this size are bounded well enough by the number of jobs that may wait. */
const largeInputBytes = 64 * 1024;

/** `has_room` forgets jobs that no longer wait, so nothing else has to keep the sizes up to date. */
const script = `${luaListen}
local function has_room(sizes, record, size, limit, ttl)
  if size < ${largeInputBytes} then return true end
  local total, entries = size, redis.call('HGETALL', sizes)
  for at = 1, #entries, 2 do
    if redis.call('HGET', entries[at], 'status') == 'queued' then total = total + tonumber(entries[at + 1])
    else redis.call('HDEL', sizes, entries[at]) end
  end
  if total > limit then return false end
  redis.call('HSET', sizes, record, size)
  redis.call('EXPIRE', sizes, ttl)
  return true
end
local status = redis.call('HGET', KEYS[1], 'status')
if not status then
  if ARGV[1] == 'join' then return 'gone' end
  if redis.call('LLEN', KEYS[4]) >= tonumber(ARGV[1]) then return 'full' end
  if not has_room(KEYS[5], KEYS[1], tonumber(ARGV[6]), tonumber(ARGV[7]), ARGV[2]) then return 'large' end
  redis.call('HSET', KEYS[1], 'status', 'queued', unpack(ARGV, 8))
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
 * @returns the job's status; `full` if the queue has no room, `large` if it has none for so large an input, and `gone` if the record to join has expired: nothing was made then
 */
export function enter(redis: RedisClient, entry: Entry): Promise<string> {
  const { id, data, sealed, channel, waiter, waiting, room, inputBytes, maxQueueBytes, joinOnly = false, resultTtl } = entry;
  const touched = [keys.record(id), keys.sealed(id), keys.waits(id), waiting, keys.largeInputs(data.node)];
  return runScript(redis, script, touched, [
    joinOnly ? 'join' : room,
    longestLife + resultTtl,
    sealed ?? '',
    channel ?? '',
    waiter ?? '',
    inputBytes,
    maxQueueBytes,
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
