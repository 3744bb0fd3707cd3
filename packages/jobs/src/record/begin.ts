import { parseAnswer, type RedisClient, runScript } from '@podman-api/redis';
import { type JobData, jobStatuses } from '../job.ts';
import { keys } from '../keys.ts';
import { maxJobLifeSeconds } from '../limits.ts';
import { originFields } from './record.ts';

/**
 * Lets exactly one worker begin a queued job. Idempotent for that worker, because ioredis repeats a command whose reply was lost.
 * Recreates the record if Redis has lost it.
 */
const beginScript = `
local record = KEYS[1]
local worker, now, ttl = unpack(ARGV)
local origin = { unpack(ARGV, 4) }
local status = redis.call('HGET', record, 'status')
if not status then
  redis.call('HSET', record, 'status', 'queued', unpack(origin))
  redis.call('EXPIRE', record, ttl)
  status = 'queued'
end
if status == 'running' and redis.call('HGET', record, 'worker') == worker then return 'begun' end
if status ~= 'queued' then return status end
if redis.call('HGET', record, 'cancel') then return 'cancel' end
redis.call('HSET', record, 'status', 'running', 'worker', worker, 'started_at', now)
redis.call('HINCRBY', record, 'attempts', 1)
return 'begun'`;

const beginAnswers = ['begun', 'cancel', ...jobStatuses] as const;

/** `begun`; `cancel` if the job must be cancelled instead; otherwise the status of the job, which must not run. */
export type BeginAnswer = (typeof beginAnswers)[number];

/** Begins a queued job for a worker. */
export async function beginJob(redis: RedisClient, id: string, data: JobData, worker: string): Promise<BeginAnswer> {
  const values = [worker, new Date().toISOString(), maxJobLifeSeconds, ...originFields(data)];
  return parseAnswer(await runScript(redis, beginScript, [keys.record(id)], values), beginAnswers);
}

const resetScript = `
local record, worker = KEYS[1], ARGV[1]
if redis.call('HGET', record, 'status') ~= 'running' or redis.call('HGET', record, 'worker') ~= worker then return 'no' end
redis.call('HSET', record, 'status', 'queued')
redis.call('HDEL', record, 'worker', 'started_at')
return 'queued'`;

/** Resets a job that a worker has begun to `queued`, so that another worker may begin it. Only for repeatable jobs. */
export async function resetToQueued(redis: RedisClient, id: string, worker: string): Promise<void> {
  await runScript(redis, resetScript, [keys.record(id)], [worker]);
}
