import type { ErrorBody } from '@podman-api/errors';
import type { RedisClient } from '@podman-api/redis';
import type { Output } from '@podman-api/runtime';
import {
  type EndStatus,
  isEndStatus,
  type JobOrigin,
  type JobStatus,
  type JobView,
  jobStatuses,
  type Outcome,
  originFieldNames,
  pickOriginFields,
  requiredOriginFieldNames,
} from '../job.ts';
import { keys } from '../keys.ts';
import type { Seal } from '../seal.ts';
import { unpackOutput, unpackResult } from './pack.ts';

/** The fields that a record is created with: `null` is stored as an empty string, and a boolean as `true` or `false`. */
type StoredOrigin = { readonly [Name in keyof JobOrigin]: string };

/**
 * A job's record in Redis: a hash of strings, readable in any Redis tool. It is the only source of truth for the job's state;
 * BullMQ's lists only deliver the job to a worker.
 */
export interface JobRecord extends StoredOrigin {
  readonly status: JobStatus;
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
  /** `true` if some of its output was not stored. */
  readonly incomplete?: string;
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
  return originFieldNames.flatMap(name => {
    const value = origin[name];
    return value === undefined ? [] : [name, String(value ?? '')];
  });
}

/** Parses the fields of a record that a job is created with; the inverse of `originFields`. */
export function originOf(record: JobRecord): JobOrigin {
  const { container, token, changes, callback, ...texts } = pickOriginFields(record);
  return {
    ...texts,
    container: container === '' ? null : container,
    token: token === '' ? null : token,
    changes: changes === 'true',
    ...(callback !== undefined && { callback: callback === 'true' }),
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
  ...originFieldNames,
  'status',
  'attempts',
  'started_at',
  'finished_at',
  'error',
] as const satisfies readonly (keyof JobRecord)[];

/** Validates a hash from Redis; `undefined` if it is not a job's record. */
function parseRecord(fields: Record<string, string>): JobRecord | undefined {
  return isRecord(fields) ? fields : undefined;
}

function isRecord(fields: Partial<Record<keyof JobRecord, string>>): fields is JobRecord {
  return requiredOriginFieldNames.every(name => fields[name] !== undefined) && isStatus(fields.status);
}

function isStatus(text: string | undefined): text is JobStatus {
  return jobStatuses.some(status => status === text);
}

/** Returns the outcome in a job's record; `undefined` if the job has not ended. */
export function outcomeOf(record: JobRecord, seal: Seal, id: string): Outcome | undefined {
  const { status, result, sealed_result, error, finished_at = '', output, truncated, incomplete } = record;
  if (!isEndStatus(status)) return undefined;
  const encoded = {
    status,
    result: parseJson<object>(result),
    sealed_result,
    error: parseJson<ErrorBody>(error),
    finished_at,
    output,
    truncated,
    incomplete,
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
  readonly incomplete?: string | undefined;
}

/** Unpacks an outcome. Omits what was sealed with an unknown SECRET_KEY. */
export function decodeOutcome({ error, output, truncated, incomplete, ...sent }: EncodedOutcome, seal: Seal, id: string): Outcome {
  const { result: plain, sealed_result, ...rest } = sent;
  const result = plain ?? openResult(sealed_result, seal, id);
  const hasOutput = output !== undefined || truncated !== undefined;
  const extent = { truncated: truncated === 'true', incomplete: incomplete === 'true' };
  return {
    ...rest,
    ...(result && { result }),
    ...(error && { error }),
    ...(hasOutput && { output: openOutput(output, extent, seal, id) }),
  };
}

function openResult(packed: string | undefined, seal: Seal, id: string): object | undefined {
  try {
    return packed === undefined ? undefined : unpackResult(packed, seal, id);
  } catch {
    return undefined;
  }
}

function openOutput(packed: string | undefined, extent: Omit<Output, 'chunks'>, seal: Seal, id: string): Output {
  if (packed === undefined) return { chunks: [], ...extent };
  try {
    return { chunks: unpackOutput(Buffer.from(packed, 'base64'), seal, id), ...extent };
  } catch {
    return { chunks: [], truncated: true, incomplete: true };
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
