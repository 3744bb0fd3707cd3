import { fieldOf, textOf } from '@podman-api/testing/field';

const endStatuses = ['succeeded', 'failed', 'timed_out', 'cancelled', 'withdrawn', 'unknown'] as const;
const statuses = ['queued', 'running', ...endStatuses] as const;

export type ReportedStatus = (typeof statuses)[number];

/** A job as a response reports it. */
export interface JobReport {
  readonly id: string;
  readonly status?: ReportedStatus;
  /** In ms since 1970. */
  readonly createdAtMs?: number;
  /** In ms since 1970; `null` if it has not started. */
  readonly startedAtMs?: number | null;
  /** In ms since 1970. */
  readonly finishedAtMs?: number;
  readonly requestId?: string;
  readonly result?: unknown;
  /** The message of its error. */
  readonly error?: string;
}

/** Returns whether a status is final. */
export function isEnd(status: ReportedStatus | undefined): boolean {
  return endStatuses.some(end => end === status);
}

/** Reads a `job` of a response, or an `error.job`. */
export function parseJobReport(value: unknown): JobReport | undefined {
  const id = textOf(fieldOf(value, 'id'));
  if (id === undefined) return undefined;
  const status = statuses.find(known => known === fieldOf(value, 'status'));
  const createdAtMs = timeOf(fieldOf(value, 'created_at'));
  const started = fieldOf(value, 'started_at');
  const startedAtMs = started === null ? null : timeOf(started);
  const finishedAtMs = timeOf(fieldOf(value, 'finished_at'));
  const requestId = textOf(fieldOf(value, 'request_id'));
  const result = fieldOf(value, 'result');
  const error = textOf(fieldOf(value, 'error.message'));
  return {
    id,
    ...(status && { status }),
    ...(createdAtMs !== undefined && { createdAtMs }),
    ...(startedAtMs !== undefined && { startedAtMs }),
    ...(finishedAtMs !== undefined && { finishedAtMs }),
    ...(requestId !== undefined && { requestId }),
    ...(result !== undefined && { result }),
    ...(error !== undefined && { error }),
  };
}

function timeOf(value: unknown): number | undefined {
  return typeof value === 'string' ? Date.parse(value) : undefined;
}
