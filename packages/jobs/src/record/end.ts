import { type RedisClient, runScript } from '@podman-api/redis';
import type { EndedJob, EndHooks } from '../ended-job.ts';
import { exitCodeOf, type Outcome } from '../job.ts';
import { parseJobId } from '../job-id.ts';
import { keys } from '../keys.ts';
import type { Seal } from '../seal.ts';
import { luaIsEnd, luaTell } from './lua.ts';
import { type OutputLimits, takeOutputSpace } from './output-space.ts';
import { packOutput, packResult } from './pack.ts';
import { decodeOutcome, type EncodedOutcome, originFields } from './record.ts';

/**
 * Stores how a job ended and tells those who wait. An end is final: a worker that was thought dead and comes back is refused,
 * because what it ran has been ended since. With a worker's id, only a job that this worker runs is ended.
 */
const script = `${luaIsEnd}${luaTell}
local status, worker = unpack(redis.call('HMGET', KEYS[1], 'status', 'worker'))
if is_end(status) then
  return status == ARGV[1] and redis.call('HGET', KEYS[1], 'finished_at') == ARGV[6] and 'ended' or status
end
if ARGV[2] ~= '' and (status ~= 'running' or worker ~= ARGV[2]) then return status or '' end
redis.call('HSET', KEYS[1], 'status', ARGV[1], unpack(ARGV, 7))
redis.call('EXPIRE', KEYS[1], ARGV[3])
redis.call('DEL', KEYS[2], KEYS[3])
if ARGV[4] == 'log' then redis.call('EXPIRE', KEYS[4], ARGV[3]) else redis.call('DEL', KEYS[4]) end
tell(KEYS[1], ARGV[5])
return 'ended'`;

/** What it takes to end a job. */
export interface EndParts extends OutputLimits {
  readonly redis: RedisClient;
  readonly seal: Seal;
  readonly hooks: EndHooks;
}

/** An end that is to be stored. */
export interface JobEnd {
  readonly ended: EndedJob;
  /** Bytes of output entries in Redis, beside what the outcome holds. */
  readonly storedOutputBytes?: number;
  /** End the job only if this worker runs it. */
  readonly ifRunBy?: string;
}

/** An end as it is sent to Redis; sending it again changes nothing. */
export interface EncodedEnd {
  /** The ended job without input, result and output: ends are remembered, see worker/recent-ends.ts. */
  readonly ended: EndedJob;
  readonly touched: readonly string[];
  readonly values: readonly (string | number)[];
  /** Bytes of the output of this job that Redis keeps: packed in the record, and as entries. */
  readonly outputBytes: number;
}

/** Encodes an end. */
export function encodeEnd({ seal, resultTtlSeconds }: Pick<EndParts, 'seal' | 'resultTtlSeconds'>, end: JobEnd): EncodedEnd {
  const { ended, storedOutputBytes = 0, ifRunBy = '' } = end;
  const { id, job, outcome } = ended;
  const encoded = encodeOutcome(outcome, seal, id);
  const fields = [...originFields(job), ...outcomeFields(encoded)];
  const keepsEntries = storedOutputBytes > 0 ? 'log' : '';
  return {
    ended: withoutContent(ended),
    touched: [keys.record(id), keys.sealed(id), keys.waits(id), keys.output(id)],
    values: [outcome.status, ifRunBy, resultTtlSeconds, keepsEntries, outcomeMessage(id, encoded), outcome.finished_at, ...fields],
    outputBytes: (encoded.output?.length ?? 0) + (encoded.sealed_result?.length ?? 0) + storedOutputBytes,
  };
}

function withoutContent({ id, job, outcome, durationMs }: EndedJob): EndedJob {
  const { operation, container, node, request_id, token, changes, created_at, claim, reserved_name } = job;
  const { status, error, finished_at } = outcome;
  return {
    id,
    job: {
      operation,
      container,
      node,
      request_id,
      token,
      changes,
      created_at,
      ...(claim !== undefined && { claim }),
      ...(reserved_name !== undefined && { reserved_name }),
    },
    outcome: { status, finished_at, ...(error && { error }) },
    durationMs,
  };
}

/**
 * Stores an end, if the job has not ended already. Safe to repeat.
 * @returns whether the job ended so
 */
export async function storeEnd({ redis, hooks, ...limits }: EndParts, end: EncodedEnd): Promise<boolean> {
  const { ended, touched, values, outputBytes } = end;
  // Before the end: a key that outlived its job's record would stand for a job that could be created again.
  if (ended.job.claim !== undefined) await redis.expire(ended.job.claim, limits.resultTtlSeconds);
  const [answer] = await Promise.all([runScript(redis, script, touched, values), takeOutputSpace(redis, ended.id, outputBytes, limits)]);
  const isStored = answer === 'ended';
  await hooks.onStored(ended, isStored);
  return isStored;
}

/** Encodes an end and stores it; see `storeEnd`. */
export function endJob(parts: EndParts, end: JobEnd): Promise<boolean> {
  return storeEnd(parts, encodeEnd(parts, end));
}

/** Formats the message that tells those who wait how a job ended. */
export function outcomeMessage(id: string, encoded: EncodedOutcome): string {
  return `${id} ${JSON.stringify(encoded)}`;
}

/** The rest of a message that tells of new output; see output/append.ts. */
export const outputMark = '+';

/**
 * Parses a message about a job; without an outcome it tells of new output.
 * @throws Error if the message is not one of ours
 */
export function parseMessage(message: string, seal: Seal): { id: string; outcome?: Outcome } {
  const space = message.indexOf(' ');
  const id = message.slice(0, space);
  const text = message.slice(space + 1);
  return text === outputMark ? { id } : { id, outcome: decodeOutcome(JSON.parse(text), seal, id) };
}

function encodeOutcome({ output, result, ...outcome }: Outcome, seal: Seal, id: string): EncodedOutcome {
  // The result of a read is what containers have written, or long: people who look into Redis must not see it.
  const isRead = parseJobId(id)?.lane === 'reads';
  const encoded = { ...outcome, ...(result && (isRead ? { sealed_result: packResult(result, seal, id) } : { result })) };
  if (!output) return encoded;
  const { chunks, truncated } = output;
  return {
    ...encoded,
    ...(chunks.length > 0 && { output: packOutput(chunks, seal, id).toString('base64') }),
    truncated: String(truncated),
  };
}

/** Returns the fields of a record that tell how its job ended, names and values in turn. */
export function outcomeFields(encoded: EncodedOutcome): string[] {
  const { result, sealed_result, error, finished_at, output, truncated } = encoded;
  const code = exitCodeOf(encoded);
  const fields = {
    finished_at,
    exit_code: code === undefined ? undefined : String(code),
    result: result && JSON.stringify(result),
    sealed_result,
    error: error && JSON.stringify(error),
    output,
    truncated,
  };
  return Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [name, value]));
}
