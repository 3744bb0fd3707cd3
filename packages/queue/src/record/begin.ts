import type { JobData } from '../job.ts';
import { longestLife } from '../limits.ts';
import { keys } from '../names.ts';
import type { RedisClient } from '../redis.ts';
import { birthFields } from './record.ts';
import { runScript } from './script.ts';

/**
 * One atomic step that lets one worker begin a job, once: it must be queued. The same worker may ask again, for
 * ioredis repeats a command whose answer was lost. A job that Redis has lost the record of gets it back.
 */
const script = `
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
 * @returns `begun`, `cancel` where it is to be cancelled, or the status that forbids it
 */
export function begin(redis: RedisClient, id: string, data: JobData, worker: string): Promise<string> {
  return runScript(redis, script, [keys.record(id)], [worker, new Date().toISOString(), longestLife, ...birthFields(data)]);
}

const againScript = `
if redis.call('HGET', KEYS[1], 'status') ~= 'running' or redis.call('HGET', KEYS[1], 'worker') ~= ARGV[1] then return 'no' end
redis.call('HSET', KEYS[1], 'status', 'queued')
redis.call('HDEL', KEYS[1], 'worker', 'started_at')
return 'queued'`;

/** Makes a job that a worker had begun one that another may begin; for jobs that are harmless to repeat. */
export async function beginAgain(redis: RedisClient, id: string, deadWorker: string): Promise<void> {
  await runScript(redis, againScript, [keys.record(id)], [deadWorker]);
}
