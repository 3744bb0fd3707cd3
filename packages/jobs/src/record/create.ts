import { parseAnswer, type RedisClient, runScript } from '@podman-api/redis';
import { laneArguments, luaFairShare } from '../fair-share/lua.ts';
import { type JobData, jobStatuses, luaIsEnd } from '../job.ts';
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
  readonly joinOnly?: boolean;
  readonly resultTtlSeconds: number;
}

/** Smaller inputs are not counted; the length of the queue limits them. */
const largeInputBytes = 64 * 1024;

/** `has_room` also removes the sizes of jobs that are no longer queued. */
const createScript = `${luaIsEnd}${luaListen}${luaFairShare}
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
local lane, token, id = lane_of(5, 8), ARGV[12], ARGV[13]
local status, is_held = unpack(redis.call('HMGET', KEYS[1], 'status', 'held'))
if not status then
  if ARGV[1] == 'join' then return 'gone' end
  if redis.call('LLEN', lane.wait) + redis.call('ZCARD', lane.delayed) >= tonumber(ARGV[1]) then return 'full' end
  if not has_room(KEYS[4], KEYS[1], tonumber(ARGV[6]), tonumber(ARGV[7]), ARGV[2]) then return 'large' end
  redis.call('HSET', KEYS[1], 'status', 'queued', unpack(ARGV, 14))
  redis.call('EXPIRE', KEYS[1], ARGV[2])
  if ARGV[3] ~= '' then redis.call('SET', KEYS[2], ARGV[3], 'EX', ARGV[2]) end
  status = 'queued'
  is_held = token ~= '' and not is_within_share(lane, token)
  if is_held then redis.call('HSET', KEYS[1], 'held', '1') elseif token ~= '' then admit(lane, id, token) end
elseif is_end(status) then
  return status
end
if ARGV[4] ~= '' then listen(KEYS[1], 'outcome_channels', ARGV[4]) end
if ARGV[5] ~= '' then
  redis.call('SADD', KEYS[3], ARGV[5])
  redis.call('EXPIRE', KEYS[3], ARGV[2])
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
    joinOnly = false,
    resultTtlSeconds,
  } = record;
  const ttlSeconds = maxJobLifeSeconds + resultTtlSeconds;
  const lane = laneArguments(data.node, parseJobId(id)?.lane ?? 'commands', ttlSeconds);
  const scriptKeys = [keys.record(id), keys.sealed(id), keys.waits(id), keys.largeInputs(data.node), ...lane.scriptKeys];
  const answer = await runScript(redis, createScript, scriptKeys, [
    joinOnly ? 'join' : room,
    ttlSeconds,
    sealed ?? '',
    outcomeChannel ?? '',
    callerId ?? '',
    inputBytes,
    maxQueueBytes,
    ...lane.values,
    sharingToken ?? '',
    id,
    ...originFields(data),
  ]);
  return parseAnswer(answer, createAnswers);
}

const joinScript = `${luaIsEnd}${luaListen}
local status = redis.call('HGET', KEYS[1], 'status')
if status and not is_end(status) then listen(KEYS[1], ARGV[1], ARGV[2]) end
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
