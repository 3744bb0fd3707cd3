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
if ARGV[4] ~= '' then
  redis.call('SREM', KEYS[3], ARGV[4])
  if redis.call('SCARD', KEYS[3]) > 0 then return 'wanted' end
end
local status = redis.call('HGET', KEYS[1], 'status')
if status == ARGV[2] and redis.call('HGET', KEYS[1], 'finished_at') == ARGV[6] then return 'ended' end
if status ~= 'queued' then return status or '' end
local removed = redis.call('LREM', KEYS[4], 1, ARGV[1]) + redis.call('LREM', KEYS[5], 1, ARGV[1]) + redis.call('ZREM', KEYS[7], ARGV[1])
if removed > 0 then redis.call('DEL', KEYS[6]) end
if redis.call('HDEL', KEYS[1], 'held') == 1 then redis.call('LREM', KEYS[8] .. ':' .. (redis.call('HGET', KEYS[1], 'token') or ''), 1, ARGV[1]) end
redis.call('HSET', KEYS[1], 'status', ARGV[2], unpack(ARGV, 7))
redis.call('EXPIRE', KEYS[1], ARGV[3])
redis.call('DEL', KEYS[2], KEYS[3])
redis.call('SREM', KEYS[9], ARGV[1])
notify(KEYS[1], ARGV[5])
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
