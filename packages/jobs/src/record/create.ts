import { parseAnswer, type RedisClient, runScript } from '@podman-api/redis';
import { firstKeyAfterLane, firstValueAfterLane, laneArguments, luaFairShare } from '../fair-share/lua.ts';
import { type JobData, jobStatuses, luaIsFinal } from '../job.ts';
import { parseJobId } from '../job-id.ts';
import { keys } from '../keys.ts';
import { maxJobLifeSeconds } from '../limits.ts';
import { luaListen } from './lua.ts';
import { originFields } from './record.ts';

/** Parameters of `createRecord`. */
export interface NewRecord {
  readonly id: string;
  readonly data: JobData;
  /** Its secret fields, sealed. */
  readonly sealed: Buffer | undefined;
  /** The pub/sub channel of the process that waits for the outcome; `undefined` if no caller waits. */
  readonly outcomeChannel: string | undefined;
  /** The id of the waiting caller, if several callers may wait for the job; see `keys.waits`. */
  readonly callerId: string | undefined;
  /** Maximum number of waiting jobs in the queue at which the job is still added. */
  readonly maxWaitingJobs: number;
  /** The token to whose share of the slots the job belongs; `undefined` if the slots are not shared. */
  readonly sharingToken: string | undefined;
  /** Size of the input, and the maximum total size of large inputs queued on the node. */
  readonly inputBytes: number;
  readonly maxQueueBytes: number;
  /** Whether a missing record means that the job has expired; then no record is created. */
  readonly isJoinOnly?: boolean;
  readonly resultTtlSeconds: number;
}

/** Smaller inputs are not counted; the length of the queue limits them. */
const largeInputBytes = 64 * 1024;

/** `has_room` also removes the sizes of jobs that are no longer queued. */
const createScript = `${luaIsFinal}${luaListen}${luaFairShare}
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
local lane = read_lane()
local record, sealed_key, callers, large_inputs = unpack(KEYS, ${firstKeyAfterLane})
local id, token, max_waiting, ttl, sealed, outcome_channel, caller_id, input_bytes, max_queue_bytes = unpack(ARGV, ${firstValueAfterLane})
local origin = { unpack(ARGV, ${firstValueAfterLane} + 9) }
local status, is_held = unpack(redis.call('HMGET', record, 'status', 'held'))
if not status then
  if max_waiting == 'join' then return 'gone' end
  if redis.call('LLEN', lane.wait) + redis.call('ZCARD', lane.delayed) >= tonumber(max_waiting) then return 'full' end
  if not has_room(large_inputs, record, tonumber(input_bytes), tonumber(max_queue_bytes), ttl) then return 'large' end
  redis.call('HSET', record, 'status', 'queued', unpack(origin))
  redis.call('EXPIRE', record, ttl)
  if sealed ~= '' then redis.call('SET', sealed_key, sealed, 'EX', ttl) end
  status = 'queued'
  is_held = token ~= '' and not is_within_share(lane, token)
  if is_held then redis.call('HSET', record, 'held', '1') elseif token ~= '' then admit(lane, id, token) end
elseif is_final(status) then
  return status
end
if outcome_channel ~= '' then listen(record, 'outcome_channels', outcome_channel) end
if caller_id ~= '' then
  redis.call('SADD', callers, caller_id)
  redis.call('EXPIRE', callers, ttl)
end
return status == 'queued' and is_held and 'held' or status`;

const createAnswers = [...jobStatuses, 'held', 'full', 'large', 'gone'] as const;

/**
 * The job's status, or `held` if it is queued and must wait for a slot for its token; if nothing was created, `full` (the queue has no
 * room), `large` (no room for an input of this size) or `gone` (the record to join has expired).
 */
export type CreateAnswer = (typeof createAnswers)[number];

/** Creates a job's record, unless it exists, and registers the waiting process and caller. Idempotent. */
export async function createRecord(redis: RedisClient, record: NewRecord): Promise<CreateAnswer> {
  const {
    id,
    data,
    sealed,
    outcomeChannel,
    callerId,
    maxWaitingJobs: room,
    sharingToken,
    inputBytes,
    maxQueueBytes,
    isJoinOnly = false,
    resultTtlSeconds,
  } = record;
  const ttlSeconds = maxJobLifeSeconds + resultTtlSeconds;
  const lane = laneArguments(data.node, parseJobId(id)?.lane ?? 'commands', ttlSeconds);
  const scriptKeys = [...lane.scriptKeys, keys.record(id), keys.sealed(id), keys.waits(id), keys.largeInputs(data.node)];
  const answer = await runScript(redis, createScript, scriptKeys, [
    ...lane.values,
    id,
    sharingToken ?? '',
    isJoinOnly ? 'join' : room,
    ttlSeconds,
    sealed ?? '',
    outcomeChannel ?? '',
    callerId ?? '',
    inputBytes,
    maxQueueBytes,
    ...originFields(data),
  ]);
  return parseAnswer(answer, createAnswers);
}

const joinScript = `${luaIsFinal}${luaListen}
local record = KEYS[1]
local field, pubsub_channel = unpack(ARGV)
local status = redis.call('HGET', record, 'status')
if status and not is_final(status) then listen(record, field, pubsub_channel) end
return status or ''`;

/** Registers a process's pub/sub channel for messages about a job's outcome or its output. Does nothing if the job has ended. */
export async function joinRecord(
  redis: RedisClient,
  id: string,
  field: 'outcome_channels' | 'output_channels',
  pubSubChannel: string,
): Promise<void> {
  await runScript(redis, joinScript, [keys.record(id)], [field, pubSubChannel]);
}
