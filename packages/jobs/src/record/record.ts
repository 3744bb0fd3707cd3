import type { ErrorBody } from '@podman-api/errors';
import type { RedisClient } from '@podman-api/redis';
import type { Output } from '@podman-api/runtime';
import { type EndStatus, isEndStatus, type JobOrigin, type JobStatus, type JobView, jobStatuses, type Outcome } from '../job.ts';
import { keys } from '../keys.ts';
import type { Seal } from '../seal.ts';
import { unpackOutput, unpackResult } from './pack.ts';

/**
 * A job's record in Redis: a hash of strings, readable in any Redis tool. It is the only source of truth for the job's state;
 * BullMQ's lists only deliver the job to a worker.
 */
export interface JobRecord {
  readonly operation: string;
  /** Empty if the job does not concern a single container. */
  readonly container: string;
  readonly node: string;
  readonly request_id: string;
  /** Empty where no tokens are used. */
  readonly token: string;
  /** `true` or `false`. */
  readonly changes: string;
  readonly created_at: string;
  readonly status: JobStatus;
  /** The Redis key of its Idempotency-Key. */
  readonly claim?: string;
  /** The name that is reserved in the fleet for the container that the job creates. */
  readonly reserved_name?: string;
  /** `true` if a callback is delivered when the job has ended. */
  readonly callback?: string;
  /** Number of times that a worker has begun it. */
  readonly attempts?: string;
  /** The worker process that began it last. */
  readonly worker?: string;
  readonly started_at?: string;
  readonly finished_at?: string;
  readonly exit_code?: string;
  /** JSON. */
  readonly result?: string;
  /** The result of a read: packed, in base64. */
  readonly sealed_result?: string;
  /** JSON. */
  readonly error?: string;
  /** Packed output, in base64. */
  readonly output?: string;
  /** `true` if the command wrote more than `output` holds. */
  readonly truncated?: string;
  /** Pub/sub channels to notify of the outcome, separated by spaces. */
  readonly outcome_channels?: string;
  /** Pub/sub channels to notify of new output, separated by spaces. */
  readonly output_channels?: string;
  /** `1` if the job waits until there is a slot for its token, see fair-share/lua.ts. */
  readonly held?: string;
  /** `1` if a running job must be cancelled. */
  readonly cancel?: string;
}

/** Returns the fields of a record that a job is created with, names and values in turn. */
export function originFields(origin: JobOrigin): string[] {
  const { operation, container, node, request_id, token, changes, created_at, claim, reserved_name, callback } = origin;
  const fields = {
    operation,
    container: container ?? '',
    node,
    request_id,
    token: token ?? '',
    changes: String(changes),
    created_at,
    ...(claim !== undefined && { claim }),
    ...(reserved_name !== undefined && { reserved_name }),
    ...(callback && { callback: String(callback) }),
  };
  return Object.entries(fields).flat();
}

/** Parses the fields of a record that a job is created with; the inverse of `originFields`. */
export function originOf(record: JobRecord): JobOrigin {
  const { operation, container, node, request_id, token, changes, created_at, claim, reserved_name, callback } = record;
  return {
    operation,
    container: container === '' ? null : container,
    node,
    request_id,
    token: token === '' ? null : token,
    changes: changes === 'true',
    created_at,
    ...(claim !== undefined && { claim }),
    ...(reserved_name !== undefined && { reserved_name }),
    ...(callback === 'true' && { callback: true }),
  };
}

/** Returns the time since a job began, in ms; `null` if it has not begun. */
export function runTimeMs({ started_at }: JobRecord, nowMs = Date.now()): number | null {
  return started_at === undefined ? null : nowMs - Date.parse(started_at);
}

/** Reads a job's record; `undefined` if it does not exist or has expired. */
export async function readRecord(redis: RedisClient, id: string): Promise<JobRecord | undefined> {
  return parseRecord(await redis.hgetall(keys.record(id)));
}

/** Reads a job's record without its result and output, which can be large. */
export async function readRecordHead(redis: RedisClient, id: string): Promise<JobRecord | undefined> {
  const values = await redis.hmget(keys.record(id), ...headFields);
  return parseRecord(Object.fromEntries(headFields.flatMap((field, index) => (values[index] == null ? [] : [[field, values[index]]]))));
}

const headFields = [
  'operation',
  'container',
  'node',
  'request_id',
  'token',
  'changes',
  'created_at',
  'status',
  'attempts',
  'started_at',
  'finished_at',
  'error',
] as const satisfies readonly (keyof JobRecord)[];

/** Validates a hash from Redis; `undefined` if it is not a job's record. */
function parseRecord(fields: Record<string, string>): JobRecord | undefined {
  const { operation, container, node, request_id, token, changes, created_at, status, ...rest } = fields;
  if (operation === undefined || container === undefined || node === undefined) return undefined;
  if (request_id === undefined || token === undefined || changes === undefined) return undefined;
  if (created_at === undefined || !isStatus(status)) return undefined;
  return { operation, container, node, request_id, token, changes, created_at, status, ...rest };
}

function isStatus(text: string | undefined): text is JobStatus {
  return jobStatuses.some(status => status === text);
}

/** Returns the outcome in a job's record; `undefined` if the job has not ended. */
export function outcomeOf(record: JobRecord, seal: Seal, id: string): Outcome | undefined {
  const { status, result, sealed_result, error, finished_at = '', output, truncated } = record;
  if (!isEndStatus(status)) return undefined;
  const encoded = {
    status,
    result: parseJson<object>(result),
    sealed_result,
    error: parseJson<ErrorBody>(error),
    finished_at,
    output,
    truncated,
  };
  return decodeOutcome(encoded, seal, id);
}

/** An outcome in the form in which it is sent and stored: output and results of reads are packed. */
export interface EncodedOutcome {
  readonly status: EndStatus;
  readonly result?: object | undefined;
  readonly sealed_result?: string | undefined;
  readonly error?: ErrorBody | undefined;
  readonly finished_at: string;
  readonly output?: string | undefined;
  readonly truncated?: string | undefined;
}

/** Unpacks an outcome. Omits what was sealed with an unknown SECRET_KEY. */
export function decodeOutcome({ error, output, truncated, ...sent }: EncodedOutcome, seal: Seal, id: string): Outcome {
  const { result: plain, sealed_result, ...rest } = sent;
  const result = plain ?? openResult(sealed_result, seal, id);
  const hasOutput = output !== undefined || truncated !== undefined;
  return {
    ...rest,
    ...(result && { result }),
    ...(error && { error }),
    ...(hasOutput && { output: openOutput(output, truncated === 'true', seal, id) }),
  };
}

function openResult(packed: string | undefined, seal: Seal, id: string): object | undefined {
  try {
    return packed === undefined ? undefined : unpackResult(packed, seal, id);
  } catch {
    return undefined;
  }
}

function openOutput(packed: string | undefined, truncated: boolean, seal: Seal, id: string): Output {
  if (packed === undefined) return { chunks: [], truncated };
  try {
    return { chunks: unpackOutput(Buffer.from(packed, 'base64'), seal, id), truncated };
  } catch {
    return { chunks: [], truncated: true };
  }
}

/** Returns a job as callers see it. */
export function viewOf(record: JobRecord, seal: Seal, id: string): JobView {
  const { status, started_at, finished_at, attempts = '0' } = record;
  const { operation, container, node, created_at, request_id, token } = originOf(record);
  const outcome = outcomeOf(record, seal, id);
  return {
    id,
    operation,
    container,
    node,
    status,
    created_at,
    started_at: started_at ?? null,
    finished_at: finished_at ?? null,
    attempts: Number(attempts),
    request_id,
    token,
    ...(outcome && { outcome }),
  };
}

function parseJson<Value>(json: string | undefined): Value | undefined {
  return json === undefined ? undefined : JSON.parse(json);
}
