import { ApiError, type ErrorBody, JobOutcomeError } from '@podman-api/errors';
import type { Output } from '@podman-api/runtime';

/** The statuses that a job can end with. */
export const endStatuses = ['succeeded', 'failed', 'timed_out', 'cancelled', 'withdrawn', 'unknown'] as const;
/** All statuses of a job. */
export const jobStatuses = ['queued', 'running', ...endStatuses] as const;
/** A final status. */
export type EndStatus = (typeof endStatuses)[number];
/** A status of a job. */
export type JobStatus = (typeof jobStatuses)[number];

/** Whether a status is final. */
export function isEndStatus(status: string): status is EndStatus {
  return endStatuses.some(end => end === status);
}

/** Lua function: returns whether a status is final. A missing one is not. */
export const luaIsFinal = "local function is_final(status) return status and status ~= 'queued' and status ~= 'running' end\n";

/** The data of a BullMQ job, readable in any Redis tool. It contains no secrets. */
export interface JobData {
  readonly operation: string;
  readonly container: string | null;
  readonly node: string;
  readonly request_id: string;
  /** The name of the caller's token; `null` where no tokens are used. */
  readonly token: string | null;
  /** Whether it changes something: a read and a dry run do not. */
  readonly changes: boolean;
  /** ISO 8601. */
  readonly created_at: string;
  /** The input without its secret fields. */
  readonly input: object;
  /** The names of the secret fields, whose values are sealed in the key `keys.sealed`. */
  readonly sealed: readonly string[];
  /** The Redis key of its Idempotency-Key. */
  readonly claim?: string;
  /** The name that is reserved in the fleet for the container that the job creates. */
  readonly reserved_name?: string;
  /** Whether a callback is delivered when the job has ended. */
  readonly callback?: boolean;
  /** Trace context of the request, if it is traced (https://www.w3.org/TR/trace-context/). */
  readonly traceparent?: string;
  readonly tracestate?: string;
  /** HMAC of all fields above and the job's id, keyed with SECRET_KEY: write access to Redis is not enough to create a job. */
  readonly signature: string;
}

/** Outcome of a job. */
export interface Outcome {
  readonly status: EndStatus;
  readonly result?: object;
  readonly error?: ErrorBody;
  readonly finished_at: string;
  /** Output of the job's command. */
  readonly output?: Output;
}

/** A job as callers see it. */
export interface JobView {
  readonly id: string;
  readonly operation: string;
  readonly container: string | null;
  readonly node: string;
  readonly status: JobStatus;
  readonly created_at: string;
  readonly started_at: string | null;
  readonly finished_at: string | null;
  readonly attempts: number;
  readonly request_id: string;
  readonly token: string | null;
  /** `undefined` until the job has ended. */
  readonly outcome?: Outcome;
}

/** The names of those fields of `JobOrigin` that each job has. */
export const requiredOriginFieldNames = [
  'operation',
  'container',
  'node',
  'request_id',
  'token',
  'changes',
  'created_at',
] as const satisfies readonly (keyof JobData)[];

/** The names of the fields of `JobOrigin`. */
export const originFieldNames = [
  ...requiredOriginFieldNames,
  'claim',
  'reserved_name',
  'callback',
] as const satisfies readonly (keyof JobData)[];

/** The fields of a job that its record has from the start. */
export type JobOrigin = Pick<JobData, (typeof originFieldNames)[number]>;

/** Copies the fields of `JobOrigin` from a job or its record, without the other fields. */
export function pickOriginFields<Fields extends object>(fields: Fields): Pick<Fields, keyof JobOrigin & keyof Fields> {
  const picked = { ...fields };
  for (const name of Object.keys(picked)) {
    if (!originFieldNames.some(originName => originName === name)) Reflect.deleteProperty(picked, name);
  }
  return picked;
}

/** Creates an outcome that finishes now. */
export function createOutcome(status: EndStatus, rest: Pick<Outcome, 'result' | 'error' | 'output'> = {}): Outcome {
  return { status, ...rest, finished_at: new Date().toISOString() };
}

/** Creates the outcome of a job that was cancelled before a worker began it. */
export function cancelledOutcome(): Outcome {
  return createOutcome('cancelled', { error: new JobOutcomeError('cancelled', 'The job was cancelled.').toJSON() });
}

/** Returns the exit code of a job's command: `null` if it is unknown, `undefined` if the job has no command. */
export function exitCodeOf({ result, error }: { result?: object | undefined; error?: ErrorBody | undefined }): number | null | undefined {
  const execution = result ?? error?.execution;
  const code = execution && 'exit_code' in execution ? execution.exit_code : undefined;
  return typeof code === 'number' || code === null ? code : undefined;
}

/** Creates the 503 for a node that has no worker. */
export function noWorkerError(node: string): ApiError {
  return new ApiError('ServiceUnavailableError', `No worker is alive on the node ${node}; start one there with "npm run worker".`);
}
