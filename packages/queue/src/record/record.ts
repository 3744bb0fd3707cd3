import type { ErrorBody } from '@podman-api/errors';
import type { Output } from '@podman-api/operations';
import { type Birth, type EndStatus, endStatuses, type JobStatus, type JobView, jobStatuses, type Outcome } from '../job.ts';
import { keys } from '../names.ts';
import { unpackOutput, unpackResult } from '../output/pack.ts';
import type { RedisClient } from '../redis.ts';
import type { Seal } from '../seal.ts';

/**
 * All that is known of a job, as it stands in Redis: a hash of texts that reads well in any Redis tool. It is the
 * truth about the job; BullMQ's lists only bring it to a worker.
 */
export interface JobRecord {
  readonly operation: string;
  /** Empty where there is none. */
  readonly container: string;
  readonly node: string;
  readonly request_id: string;
  /** Empty where no tokens are used. */
  readonly token: string;
  /** `true` or `false`. */
  readonly changes: string;
  readonly created_at: string;
  readonly status: JobStatus;
  /** The key in Redis of the claim by an Idempotency-Key. */
  readonly claim?: string;
  /** How often a worker has begun it. */
  readonly attempts?: string;
  /** The worker process that began it last. */
  readonly worker?: string;
  readonly started_at?: string;
  readonly finished_at?: string;
  readonly exit_code?: string;
  /** JSON. */
  readonly result?: string;
  /** The same of an operation that reads, packed, in base64. */
  readonly sealed_result?: string;
  /** JSON. */
  readonly error?: string;
  /** Packed output, in base64. */
  readonly output?: string;
  /** Whether more was written than stands in `output`. */
  readonly truncated?: string;
  /** The channels of those who wait for the outcome, parted by spaces. */
  readonly waiters?: string;
  /** The channels of those who follow the output, parted by spaces. */
  readonly followers?: string;
  /** Set when a running job is to be cancelled. */
  readonly cancel?: string;
}

/** The fields of a record that a job is made with. */
export function birthFields({ operation, container, node, request_id, token, changes, created_at, claim }: Birth): string[] {
  const fields = {
    operation,
    container: container ?? '',
    node,
    request_id,
    token: token ?? '',
    changes: String(changes),
    created_at,
    ...(claim !== undefined && { claim }),
  };
  return Object.entries(fields).flat();
}

/** What a job was from the beginning; the reverse of `birthFields`. */
function birthIn({ operation, container, node, request_id, token, changes, created_at, claim }: JobRecord): Birth {
  return {
    operation,
    container: container === '' ? null : container,
    node,
    request_id,
    token: token === '' ? null : token,
    changes: changes === 'true',
    created_at,
    ...(claim !== undefined && { claim }),
  };
}

/** A job's record; nothing where there is none, or none any more. */
export async function readRecord(redis: RedisClient, id: string): Promise<JobRecord | undefined> {
  return asRecord(await redis.hgetall(keys.record(id)));
}

/** A job's record but for what its command gave and wrote, which can be large. */
export async function readHead(redis: RedisClient, id: string): Promise<JobRecord | undefined> {
  const values = await redis.hmget(keys.record(id), ...headFields);
  return asRecord(Object.fromEntries(headFields.flatMap((field, index) => (values[index] == null ? [] : [[field, values[index]]]))));
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

/** Whether what Redis gave is a record. */
function asRecord(fields: Record<string, string>): JobRecord | undefined {
  const { operation, container, node, request_id, token, changes, created_at, status, ...rest } = fields;
  if (operation === undefined || container === undefined || node === undefined) return undefined;
  if (request_id === undefined || token === undefined || changes === undefined) return undefined;
  if (created_at === undefined || !isStatus(status)) return undefined;
  return { operation, container, node, request_id, token, changes, created_at, status, ...rest };
}

function isStatus(text: string | undefined): text is JobStatus {
  return jobStatuses.some(status => status === text);
}

/** Whether a status is one that a job ends with. */
export function isEnd(status: string): status is EndStatus {
  return endStatuses.some(end => end === status);
}

/** How a job ended, by its record; nothing where it has not. */
export function outcomeIn(record: JobRecord, seal: Seal, id: string): Outcome | undefined {
  const { status, result, sealed_result, error, finished_at = '', output, truncated } = record;
  if (!isEnd(status)) return undefined;
  return readOutcome({ status, result: parsed(result), sealed_result, error: parsed(error), finished_at, output, truncated }, seal, id);
}

/** An outcome on its way: as `Outcome`, but for the output, which is packed. */
export interface SentOutcome {
  readonly status: EndStatus;
  readonly result?: object | undefined;
  readonly sealed_result?: string | undefined;
  readonly error?: ErrorBody | undefined;
  readonly finished_at: string;
  readonly output?: string | undefined;
  readonly truncated?: string | undefined;
}

/** Opens an outcome that has travelled. */
export function readOutcome({ error, output, truncated, ...sent }: SentOutcome, seal: Seal, id: string): Outcome {
  const { result: open, sealed_result, ...rest } = sent;
  const result = open ?? openResult(sealed_result, seal, id);
  const opened =
    output === undefined ? { chunks: [], truncated: truncated === 'true' } : openOutput(output, truncated === 'true', seal, id);
  return {
    ...rest,
    ...(result && { result }),
    ...(error && { error }),
    ...((output !== undefined || truncated !== undefined) && { output: opened }),
  };
}

function openResult(packed: string | undefined, seal: Seal, id: string): object | undefined {
  try {
    return packed === undefined ? undefined : unpackResult(packed, seal, id);
  } catch {
    return undefined;
  }
}

/** What can't be opened, for it was sealed with another SECRET_KEY, is missing. */
function openOutput(packed: string, truncated: boolean, seal: Seal, id: string): Output {
  try {
    return { chunks: unpackOutput(Buffer.from(packed, 'base64'), seal, id), truncated };
  } catch {
    return { chunks: [], truncated: true };
  }
}

/** A job as anybody may see it. */
export function viewOf(record: JobRecord, seal: Seal, id: string): JobView {
  const { status, started_at, finished_at, attempts = '0' } = record;
  const { operation, container, node, created_at, request_id, token } = birthIn(record);
  const outcome = outcomeIn(record, seal, id);
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

function parsed<Value>(json: string | undefined): Value | undefined {
  return json === undefined ? undefined : JSON.parse(json);
}

/** What hears of an end is told of a job, by its record: what it was from the beginning, and how long it has run, in ms. */
export function historyOf(record: JobRecord, now = Date.now()): { birth: Birth; duration: number | null } {
  const { started_at } = record;
  return { birth: birthIn(record), duration: started_at === undefined ? null : now - Date.parse(started_at) };
}
