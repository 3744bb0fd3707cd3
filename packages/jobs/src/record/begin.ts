import { type RedisClient, runScript } from '@podman-api/redis';
import type { JobData } from '../job.ts';
import { keys } from '../keys.ts';
import { maxJobLifeSeconds } from '../limits.ts';
import { originFields } from './record.ts';

/**
 * Lets one worker begin a queued job, once. The same worker may ask again, because ioredis repeats a command whose answer was
 * lost. A job whose record Redis has lost gets it back.
 */
const beginScript = `
local status = redis.call('HGET', KEYS[1], 'status')
if not status then
  redis.call('HSET', KEYS[1], 'status', 'queued', unpack(ARGV, 4))
  redis.call('EXPIRE', KEYS[1], ARGV[3])
  status = 'queued'
end
if status == 'running' and redis.call('HGET', KEYS[1], 'worker') == ARGV[1] then return 'begun' end
if status ~= 'queued' then return status end
if redis.call('HGET', KEYS[1], 'cancel') then return 'cancel' end
redis.call('HSET', KEYS[1], 'status', 'running', 'worker', ARGV[1], 'started_at', ARGV[2])
redis.call('HINCRBY', KEYS[1], 'attempts', 1)
return 'begun'`;

/**
 * Asks to begin a job.
 * @returns `begun`, `cancel` if it is to be cancelled, or the status that forbids it
 */
export function beginJob(redis: RedisClient, id: string, data: JobData, worker: string): Promise<string> {
  return runScript(redis, beginScript, [keys.record(id)], [worker, new Date().toISOString(), maxJobLifeSeconds, ...originFields(data)]);
}

const resetScript = `
if redis.call('HGET', KEYS[1], 'status') ~= 'running' or redis.call('HGET', KEYS[1], 'worker') ~= ARGV[1] then return 'no' end
redis.call('HSET', KEYS[1], 'status', 'queued')
redis.call('HDEL', KEYS[1], 'worker', 'started_at')
return 'queued'`;

/** Makes a job that a worker has begun one that another may begin; only for jobs that are harmless to repeat. */
export async function resetToQueued(redis: RedisClient, id: string, worker: string): Promise<void> {
  await runScript(redis, resetScript, [keys.record(id)], [worker]);
}
