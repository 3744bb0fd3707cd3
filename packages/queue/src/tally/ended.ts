import { type ErrorType, isErrorType } from '@podman-api/errors';
import { findTask } from '@podman-api/operations';
import type { Birth, EndStatus, Outcome } from '../job.ts';
import { bounds, bucketOf } from './distribution.ts';

/** A job's end as far as it is counted. */
export interface Ended {
  readonly operation: string;
  readonly status: EndStatus;
  readonly error: ErrorType | undefined;
  /** From its beginning to its end, in ms; `null` where it had none. */
  readonly ran: number | null;
  /** From when it was made to its end, in ms. */
  readonly took: number;
}

/** The ends that count as failures, beside which `cancelled` and `withdrawn` are what somebody wanted. */
export const failures: ReadonlySet<EndStatus> = new Set(['failed', 'timed_out', 'unknown']);

/** What is counted of an end; a job of no task that this version knows counts as `other`, so that nobody makes fields up. */
export function endedOf({ operation, created_at }: Birth, { status, error, finished_at }: Outcome, duration: number | null): Ended {
  return {
    operation: findTask(operation) ? operation : 'other',
    status,
    error: error && isErrorType(error.type) && failures.has(status) ? error.type : undefined,
    ran: duration,
    // Whoever made it may have another clock than who ended it.
    took: Math.max(Date.parse(finished_at) - Date.parse(created_at), duration ?? 0) || 0,
  };
}

/** What one end adds to the fields of the tally; sums are whole microseconds. */
export function additionsOf({ operation, status, error, ran, took }: Ended): readonly (readonly [field: string, count: number])[] {
  return [
    [`ends ${operation} ${status}`, 1],
    ...(error === undefined ? [] : ([[`errors ${error}`, 1]] as const)),
    ...(ran === null ? [] : [...timeOf(`wait ${operation}`, took - ran), ...timeOf(`run ${operation}`, ran)]),
    ...timeOf('took all', took),
  ];
}

function timeOf(what: string, ms: number): readonly (readonly [string, number])[] {
  return [
    [`${what} ${bounds[bucketOf(ms / 1000)] ?? 'more'}`, 1],
    [`${what} sum_us`, Math.round(ms * 1000)],
  ];
}
