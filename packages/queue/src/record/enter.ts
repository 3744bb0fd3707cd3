import type { Redis } from 'ioredis';
import type { JobData } from '../job.ts';
import { keys } from '../names.ts';
import { birthFields } from './record.ts';
import { runScript } from './script.ts';

/** A job that nobody ends is forgotten after so many seconds beside `RESULT_TTL`: it may wait for long and run a day. */
const longest = 2 * 86_400;

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
  readonly resultTtl: number;
}

const script = `
local status = redis.call('HGET', KEYS[1], 'status')
if not status then
  if redis.call('LLEN', KEYS[4]) >= tonumber(ARGV[1]) then return 'full' end
  redis.call('HSET', KEYS[1], 'status', 'queued', unpack(ARGV, 7))
  redis.call('EXPIRE', KEYS[1], ARGV[2])
  if ARGV[3] ~= '' then redis.call('SET', KEYS[2], ARGV[3], 'EX', ARGV[2]) end
  status = 'queued'
elseif status ~= 'queued' and status ~= 'running' then
  return status
end
if ARGV[4] ~= '' then
  local waiters = redis.call('HGET', KEYS[1], 'waiters') or ''
  if not string.find(waiters, ARGV[4], 1, true) then redis.call('HSET', KEYS[1], 'waiters', waiters .. ' ' .. ARGV[4]) end
end
if ARGV[5] ~= '' then
  redis.call('SADD', KEYS[3], ARGV[5])
  redis.call('EXPIRE', KEYS[3], ARGV[6])
end
return status`;

/**
 * Makes a job's record and joins those who wait for it; where there is one already, only that. Doing so again is no
 * different from once.
 * @returns the job's status, or `full` where the queue has no room and nothing was made
 */
export function enter(redis: Redis, entry: Entry): Promise<string> {
  const { id, data, sealed, channel, waiter, waiting, room, resultTtl } = entry;
  const touched = [keys.record(id), keys.sealed(id), keys.waits(id), waiting];
  const keepFor = longest + resultTtl;
  return runScript(redis, script, touched, [room, keepFor, sealed ?? '', channel ?? '', waiter ?? '', keepFor, ...birthFields(data)]);
}

const joinScript = `
local status = redis.call('HGET', KEYS[1], 'status')
if status == 'queued' or status == 'running' then
  local there = redis.call('HGET', KEYS[1], ARGV[1]) or ''
  if not string.find(there, ARGV[2], 1, true) then redis.call('HSET', KEYS[1], ARGV[1], there .. ' ' .. ARGV[2]) end
end
return status or ''`;

/** Joins those who wait for a job's outcome or follow its output, where it has not ended. */
export async function join(redis: Redis, id: string, as: 'waiters' | 'followers', channel: string): Promise<void> {
  await runScript(redis, joinScript, [keys.record(id)], [as, channel]);
}
