import { type RedisClient, runScript } from '@podman-api/redis';
import { queueKey } from '../bullmq/queue-names.ts';
import type { Outcome } from '../job.ts';
import { parseJobId } from '../job-id.ts';
import { keys, laneTag } from '../keys.ts';
import { outcomeFields, outcomeMessage } from './end.ts';
import { luaNotify } from './lua.ts';

/**
 * Ends a job that no worker has begun. Atomic, like the script of `beginJob`, so only one of the two succeeds. Removing the job
 * from BullMQ's lists (`paused` is that of a paused queue), from the held jobs of its token and from the cancelled jobs is only
 * cleanup: a worker that already has the job cannot begin it. If several callers wait, the job ends when the last one stops waiting.
 */
const script = `${luaNotify}
local record, sealed, callers, wait, paused, bull_job, delayed, held, cancels = unpack(KEYS)
local id, end_status, ttl, caller_id, message, finished_at = unpack(ARGV)
local outcome = { unpack(ARGV, 7) }
if caller_id ~= '' then
  redis.call('SREM', callers, caller_id)
  if redis.call('SCARD', callers) > 0 then return 'wanted' end
end
local status = redis.call('HGET', record, 'status')
if status == end_status and redis.call('HGET', record, 'finished_at') == finished_at then return 'ended' end
if status ~= 'queued' then return status or '' end
local removed = redis.call('LREM', wait, 1, id) + redis.call('LREM', paused, 1, id) + redis.call('ZREM', delayed, id)
if removed > 0 then redis.call('DEL', bull_job) end
if redis.call('HDEL', record, 'held') == 1 then redis.call('LREM', held .. ':' .. (redis.call('HGET', record, 'token') or ''), 1, id) end
redis.call('HSET', record, 'status', end_status, unpack(outcome))
redis.call('EXPIRE', record, ttl)
redis.call('DEL', sealed, callers)
redis.call('SREM', cancels, id)
notify(record, message)
return 'ended'`;

/** Parameters of `endQueuedJob`. */
export interface EndQueuedJobOptions {
  readonly id: string;
  readonly outcome: Outcome;
  readonly resultTtlSeconds: number;
  /** The id of the caller that stops waiting; the job ends only if no other caller waits. If `undefined`, it ends in any case. */
  readonly callerId?: string | undefined;
}

/**
 * Ends a job that has not begun and that no other caller waits for. Idempotent.
 * @returns whether the job ended with this outcome
 */
export async function endQueuedJob(
  redis: RedisClient,
  { id, outcome, resultTtlSeconds, callerId = '' }: EndQueuedJobOptions,
): Promise<boolean> {
  const parts = parseJobId(id);
  if (!parts) return false;
  const bullKeys = ['wait', 'paused', id, 'delayed'].map(part => queueKey(parts.node, parts.lane, part));
  const scriptKeys = [
    keys.record(id),
    keys.sealed(id),
    keys.waits(id),
    ...bullKeys,
    keys.held(laneTag(parts.node, parts.lane)),
    keys.cancels(parts.node),
  ];
  const { output: _none, ...encoded } = outcome;
  const values = [
    id,
    encoded.status,
    resultTtlSeconds,
    callerId,
    outcomeMessage(id, encoded),
    encoded.finished_at,
    ...outcomeFields(encoded),
  ];
  return (await runScript(redis, script, scriptKeys, values)) === 'ended';
}
