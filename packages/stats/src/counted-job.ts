import { type ErrorType, isErrorType } from '@podman-api/errors';
import { bucketBoundsSeconds, findBucketIndex } from './duration-histogram.ts';

/** Fields of a finished job that are counted. */
export interface CountedJob {
  readonly job: {
    readonly operation: string;
    /** ISO 8601. */
    readonly created_at: string;
  };
  readonly outcome: {
    readonly status: string;
    readonly error?: { readonly type: string };
    /** ISO 8601. */
    readonly finished_at: string;
  };
  /** Run time; `null` if the job never started. */
  readonly durationMs: number | null;
}

/** Measurements of a finished job. */
export interface JobMeasurement {
  readonly operation: string;
  readonly status: string;
  readonly error: ErrorType | undefined;
  /** From start to finish; `null` if the job never started. */
  readonly runMs: number | null;
  /** From creation to finish. */
  readonly totalMs: number;
}

/** Statuses that count as failures. `cancelled` and `withdrawn` do not: callers requested them. */
export const failureStatuses: ReadonlySet<string> = new Set(['failed', 'timed_out', 'unknown']);

/** Measures a finished job. An operation that is not in `operations` counts as `other`. */
export function measureJob(
  { job: { operation, created_at }, outcome: { status, error, finished_at }, durationMs }: CountedJob,
  operations: ReadonlySet<string>,
): JobMeasurement {
  return {
    operation: operations.has(operation) ? operation : 'other',
    status,
    error: error && isErrorType(error.type) && failureStatuses.has(status) ? error.type : undefined,
    runMs: durationMs,
    // The clocks of the processes that created and finished the job may differ.
    totalMs: Math.max(Date.parse(finished_at) - Date.parse(created_at), durationMs ?? 0) || 0,
  };
}

/** Returns the increments of the counters in Redis for a finished job. Sums are whole microseconds. */
export function toIncrements({
  operation,
  status,
  error,
  runMs,
  totalMs,
}: JobMeasurement): readonly (readonly [field: string, count: number])[] {
  return [
    [`ends ${operation} ${status}`, 1],
    ...(error === undefined ? [] : ([[`errors ${error}`, 1]] as const)),
    ...(runMs === null ? [] : [...durationFields(`wait ${operation}`, totalMs - runMs), ...durationFields(`run ${operation}`, runMs)]),
    ...durationFields('took all', totalMs),
  ];
}

function durationFields(name: string, ms: number): readonly (readonly [string, number])[] {
  return [
    [`${name} ${bucketBoundsSeconds[findBucketIndex(ms / 1000)] ?? 'more'}`, 1],
    [`${name} sum_us`, Math.round(ms * 1000)],
  ];
}
