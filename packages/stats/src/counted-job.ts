import { type ErrorType, isErrorType } from '@podman-api/errors';
import { bounds, bucketOf } from './distribution.ts';

/** An ended job, as far as it is counted. */
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
  /** How long it ran; `null` if it never began. */
  readonly durationMs: number | null;
}

/** What is counted of an ended job. */
export interface Measures {
  readonly operation: string;
  readonly status: string;
  readonly error: ErrorType | undefined;
  /** From start to end; `null` if it never began. */
  readonly runMs: number | null;
  /** From creation to end. */
  readonly totalMs: number;
}

/** The statuses that count as failures; `cancelled` and `withdrawn` jobs ended on request. */
export const failureStatuses: ReadonlySet<string> = new Set(['failed', 'timed_out', 'unknown']);

/** Measures an ended job. */
export function measure(
  { job: { operation, created_at }, outcome: { status, error, finished_at }, durationMs }: CountedJob,
  operations: ReadonlySet<string>,
): Measures {
  return {
    operation: operations.has(operation) ? operation : 'other',
    status,
    error: error && isErrorType(error.type) && failureStatuses.has(status) ? error.type : undefined,
    runMs: durationMs,
    // The clocks of the processes that created and ended it may differ.
    totalMs: Math.max(Date.parse(finished_at) - Date.parse(created_at), durationMs ?? 0) || 0,
  };
}

/** Returns what an ended job adds to the counters in Redis; sums are whole microseconds. */
export function additionsOf({ operation, status, error, runMs, totalMs }: Measures): readonly (readonly [field: string, count: number])[] {
  return [
    [`ends ${operation} ${status}`, 1],
    ...(error === undefined ? [] : ([[`errors ${error}`, 1]] as const)),
    ...(runMs === null ? [] : [...durationFields(`wait ${operation}`, totalMs - runMs), ...durationFields(`run ${operation}`, runMs)]),
    ...durationFields('took all', totalMs),
  ];
}

function durationFields(name: string, ms: number): readonly (readonly [string, number])[] {
  return [
    [`${name} ${bounds[bucketOf(ms / 1000)] ?? 'more'}`, 1],
    [`${name} sum_us`, Math.round(ms * 1000)],
  ];
}
