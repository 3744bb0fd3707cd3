import { type RedisClient, runScript } from '@podman-api/redis';
import type { EndedJob, EndHooks } from '../ended-job.ts';
import { releaseSlot } from '../fair-share/held-jobs.ts';
import { exitCodeOf, luaIsFinal, type Outcome, pickOriginFields } from '../job.ts';
import { parseJobId } from '../job-id.ts';
import { keys } from '../keys.ts';
import type { Seal } from '../seal.ts';
import { luaNotify } from './lua.ts';
import { enforceOutputQuota, type OutputLimits } from './output-quota.ts';
import { packOutput, packResult } from './pack.ts';
import { decodeOutcome, type EncodedOutcome, originFields } from './record.ts';

/**
 * Stores the outcome of a job and notifies the waiting processes. Outcomes are final: a late outcome from a worker that was declared dead
 * is discarded, because the reaper has ended its job. Also removes the job's mark of cancellation. With a worker's id, the job is ended
 * only if that worker runs it.
 */
const script = `${luaIsFinal}${luaNotify}
local record, sealed, callers, output, cancels = unpack(KEYS)
local end_status, expected_worker, ttl, kept_output, message, finished_at, id = unpack(ARGV)
local fields = { unpack(ARGV, 8) }
local status, worker, cancel = unpack(redis.call('HMGET', record, 'status', 'worker', 'cancel'))
if is_final(status) then
  return status == end_status and redis.call('HGET', record, 'finished_at') == finished_at and 'ended' or status
end
if expected_worker ~= '' and (status ~= 'running' or worker ~= expected_worker) then return status or '' end
redis.call('HSET', record, 'status', end_status, unpack(fields))
redis.call('EXPIRE', record, ttl)
redis.call('DEL', sealed, callers)
if cancel then redis.call('SREM', cancels, id) end
if kept_output == 'log' then redis.call('EXPIRE', output, ttl) else redis.call('DEL', output) end
notify(record, message)
return 'ended'`;

/** Dependencies for ending jobs. */
export interface EndParts extends OutputLimits {
  readonly redis: RedisClient;
  readonly seal: Seal;
  readonly hooks: EndHooks;
}

/** An ended job whose outcome is to be stored. */
export interface OutcomeToStore {
  readonly ended: EndedJob;
  /** Size of the output entries in Redis; 0 (the default) deletes them, because the outcome has the whole output. */
  readonly storedOutputBytes?: number;
  /** Whether the result is stored sealed; default: only that of a read is. */
  readonly hasSecretResult?: boolean;
  /** The worker that must be running the job for it to be ended; default: any. */
  readonly expectedWorker?: string;
}

/** An outcome in the form in which it is sent to Redis. Sending it is idempotent. */
export interface PreparedOutcome {
  /** The ended job without input, result and output, because it stays in memory (worker/recent-outcomes.ts). */
  readonly ended: EndedJob;
  readonly scriptKeys: readonly string[];
  readonly values: readonly (string | number)[];
  /** Bytes of the output of this job that Redis keeps: packed in the record, and as entries. */
  readonly outputBytes: number;
}

/** Encodes a job's outcome for Redis. */
export function prepareOutcome(
  { seal, resultTtlSeconds }: Pick<EndParts, 'seal' | 'resultTtlSeconds'>,
  toStore: OutcomeToStore,
): PreparedOutcome {
  const { ended, storedOutputBytes = 0, hasSecretResult = false, expectedWorker = '' } = toStore;
  const { id, job, outcome } = ended;
  const encoded = encodeOutcome(outcome, seal, id, hasSecretResult);
  const fields = [...originFields(job), ...outcomeFields(encoded, exitCodeOf(outcome))];
  const keepsEntries = storedOutputBytes > 0 ? 'log' : '';
  return {
    ended: withoutContent(ended),
    scriptKeys: [keys.record(id), keys.sealed(id), keys.waits(id), keys.output(id), keys.cancels(parseJobId(id)?.node ?? job.node)],
    values: [
      outcome.status,
      expectedWorker,
      resultTtlSeconds,
      keepsEntries,
      outcomeMessage(id, encoded),
      outcome.finished_at,
      id,
      ...fields,
    ],
    outputBytes: (encoded.output?.length ?? 0) + (encoded.sealed_result?.length ?? 0) + storedOutputBytes,
  };
}

function withoutContent({ id, job, outcome, durationMs }: EndedJob): EndedJob {
  const { status, error, finished_at } = outcome;
  return { id, job: pickOriginFields(job), outcome: { status, finished_at, ...(error && { error }) }, durationMs };
}

/**
 * Stores a job's outcome, unless the job has already ended. Idempotent.
 * @returns false if the job has another outcome, or another worker runs it
 */
export async function storePreparedOutcome({ redis, hooks, ...limits }: EndParts, prepared: PreparedOutcome): Promise<boolean> {
  const { ended, scriptKeys, values, outputBytes } = prepared;
  // Must come first: if the claim outlived the job's record, the job could be created again.
  if (ended.job.claim !== undefined) await redis.expire(ended.job.claim, limits.resultTtlSeconds);
  const [answer] = await Promise.all([
    runScript(redis, script, scriptKeys, values),
    enforceOutputQuota(redis, ended.id, outputBytes, limits),
    // Sent after the script on the same connection, and before BullMQ takes the worker's next job.
    ended.job.token === null ? undefined : releaseSlot(redis, ended.id),
  ]);
  const isStored = answer === 'ended';
  await hooks.onStored(ended, isStored);
  return isStored;
}

/** Encodes and stores a job's outcome; see `storePreparedOutcome`. */
export function endJob(parts: EndParts, toStore: OutcomeToStore): Promise<boolean> {
  return storePreparedOutcome(parts, prepareOutcome(parts, toStore));
}

/** Formats the message with a job's outcome for the waiting processes. */
export function outcomeMessage(id: string, encoded: EncodedOutcome): string {
  return `${id} ${JSON.stringify(encoded)}`;
}

/** Content of a message about new output, after the job's id; see output/append.ts. */
export const outputMark = '+';

/**
 * Parses a message about a job.
 * @returns the job's id, and its outcome if the message is not about new output
 * @throws Error if the message has another format
 */
export function parseMessage(message: string, seal: Seal): { id: string; outcome?: Outcome } {
  const space = message.indexOf(' ');
  const id = message.slice(0, space);
  const text = message.slice(space + 1);
  return text === outputMark ? { id } : { id, outcome: decodeOutcome(JSON.parse(text), seal, id) };
}

function encodeOutcome({ output, result, ...outcome }: Outcome, seal: Seal, id: string, hasSecretResult: boolean): EncodedOutcome {
  // The result of a read may contain output of containers: it must not be readable in Redis.
  const isSealed = hasSecretResult || parseJobId(id)?.lane !== 'commands';
  const encoded = { ...outcome, ...(result && (isSealed ? { sealed_result: packResult(result, seal, id) } : { result })) };
  if (!output) return encoded;
  const { chunks, truncated, incomplete } = output;
  return {
    ...encoded,
    ...(chunks.length > 0 && { output: packOutput(chunks, seal, id).toString('base64') }),
    truncated: String(truncated),
    ...(incomplete && { incomplete: 'true' }),
  };
}

/**
 * Returns the fields that an outcome adds to a job's record, names and values in turn.
 * @param code the exit code of the job's command; default: read from the result, if that is not sealed
 */
export function outcomeFields(encoded: EncodedOutcome, code: number | null | undefined = exitCodeOf(encoded)): string[] {
  const { result, sealed_result, error, finished_at, output, truncated, incomplete } = encoded;
  const fields = {
    finished_at,
    exit_code: code === undefined ? undefined : String(code),
    result: result && JSON.stringify(result),
    sealed_result,
    error: error && JSON.stringify(error),
    output,
    truncated,
    incomplete,
  };
  return Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [name, value]));
}
