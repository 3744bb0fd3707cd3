import { type RedisClient, runScript } from '@podman-api/redis';
import { queueKey } from '../bullmq/queue-names.ts';
import type { Outcome } from '../job.ts';
import { parseJobId } from '../job-id.ts';
import { keys } from '../keys.ts';
import { outcomeFields, outcomeMessage } from './end.ts';
import { luaTell } from './lua.ts';

/**
 * Ends a job that no worker has begun. The record decides, in one atomic step like the script of `beginJob`: one of the two
 * comes first. The job is taken out of BullMQ's lists (a paused queue has another) only to keep them tidy: a worker that has
 * it already is refused. If several callers wait, the last one to leave ends it.
 */
const script = `${luaTell}
if ARGV[4] ~= '' then
  redis.call('SREM', KEYS[3], ARGV[4])
  if redis.call('SCARD', KEYS[3]) > 0 then return 'wanted' end
end
local status = redis.call('HGET', KEYS[1], 'status')
if status == ARGV[2] and redis.call('HGET', KEYS[1], 'finished_at') == ARGV[6] then return 'ended' end
if status ~= 'queued' then return status or '' end
if redis.call('LREM', KEYS[4], 1, ARGV[1]) + redis.call('LREM', KEYS[5], 1, ARGV[1]) > 0 then redis.call('DEL', KEYS[6]) end
redis.call('HSET', KEYS[1], 'status', ARGV[2], unpack(ARGV, 7))
redis.call('EXPIRE', KEYS[1], ARGV[3])
redis.call('DEL', KEYS[2], KEYS[3])
tell(KEYS[1], ARGV[5])
return 'ended'`;

/** How a queued job is to end. */
export interface QueuedEnd {
  readonly id: string;
  readonly outcome: Outcome;
  readonly resultTtlSeconds: number;
  /** The caller that no longer waits, if several may; without it the job ends whoever waits. */
  readonly waiter?: string | undefined;
}

/**
 * Ends a job that has not begun and that nobody else waits for. Safe to repeat.
 * @returns whether it ended by this call
 */
export async function endQueuedJob(redis: RedisClient, { id, outcome, resultTtlSeconds, waiter = '' }: QueuedEnd): Promise<boolean> {
  const parts = parseJobId(id);
  if (!parts) return false;
  const bullKeys = ['wait', 'paused', id].map(part => queueKey(parts.node, parts.lane, part));
  const touched = [keys.record(id), keys.sealed(id), keys.waits(id), ...bullKeys];
  const { output: _none, ...encoded } = outcome;
  const values = [
    id,
    encoded.status,
    resultTtlSeconds,
    waiter,
    outcomeMessage(id, encoded),
    encoded.finished_at,
    ...outcomeFields(encoded),
  ];
  return (await runScript(redis, script, touched, values)) === 'ended';
}
