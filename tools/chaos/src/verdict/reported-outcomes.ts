import { fieldOf } from '@podman-api/testing/field';
import type { JobReport } from '../http/job.ts';
import type { CheckedResponse } from '../http/response.ts';
import type { Intent, RecordedResponse } from '../journal.ts';

/** Outcome of an intent, as a response reports it. */
export interface ReportedOutcome {
  /** What happened to the intent, by the response. `ended`: started, then cancelled or timed out. */
  readonly effect: 'done' | 'never ran' | 'failed' | 'ended' | 'unknown';
  /** Time from which it is true, in ms since 1970. */
  readonly sinceMs: number;
  /** The job that it is about. */
  readonly job?: string;
  readonly result?: unknown;
}

/** Returns the outcomes that the responses to an intent report, in order. */
export function readReportedOutcomes(intent: Intent): ReportedOutcome[] {
  return intent.responses.map(readReportedOutcome).filter(reported => reported !== undefined);
}

function readReportedOutcome({ receivedAtMs, request, outcome }: RecordedResponse): ReportedOutcome | undefined {
  if (typeof outcome === 'string')
    return outcome === 'sent incompletely' || outcome === 'refused' ? { effect: 'never ran', sinceMs: receivedAtMs } : undefined;
  if (outcome.job) {
    const effect = effectOfStatus(outcome.job) ?? (request === 'submit' && outcome.status >= 500 ? effectOfResponse(outcome) : undefined);
    const { id: job, finishedAtMs, result } = outcome.job;
    // A run that reaches its time limit is not a failure.
    const isTimedOut = effect === 'done' && fieldOf(result, 'timed_out') === true;
    return effect && { effect: isTimedOut ? 'ended' : effect, sinceMs: finishedAtMs ?? receivedAtMs, job, result };
  }
  const effect = request === 'submit' ? effectOfResponse(outcome) : undefined;
  return effect && { effect, sinceMs: receivedAtMs };
}

/** Returns what a job's status reports; `undefined` if it is not final. */
export function effectOfStatus({ status, startedAtMs }: JobReport): ReportedOutcome['effect'] | undefined {
  switch (status) {
    case 'succeeded':
      return 'done';
    case 'withdrawn':
      return 'never ran';
    case 'cancelled':
    case 'timed_out':
      return startedAtMs === null ? 'never ran' : 'ended';
    case 'failed':
    case 'unknown':
      return status;
    default:
      return undefined;
  }
}

/** Returns what a response without a job status reports. A 409 reports nothing: another request with the key is running. */
function effectOfResponse({ status, error, job }: CheckedResponse): ReportedOutcome['effect'] | undefined {
  if (status === 503) return job ? undefined : 'never ran';
  if (status === 500) return /unknown/.test(error?.message ?? '') ? 'unknown' : 'failed';
  if (status === 404) return 'failed';
  return [400, 401, 403, 405, 413, 415, 422, 429].includes(status) ? 'never ran' : undefined;
}

/**
 * Counts other requests of an intent that may have run it, so that the observed state does not contradict a reported outcome.
 * Returns 0 for an intent with a single request.
 */
export function countOtherPossibleRuns(intent: Intent, reported: ReportedOutcome): number {
  const submitted = intent.responses.filter(({ request }) => request === 'submit');
  if (submitted.length <= 1) return 0;
  const jobs = intent.jobs.filter(({ id, view }) => id !== reported.job && (!view || effectOfStatus(view) !== 'never ran'));
  const unanswered = submitted.filter(({ outcome }) => outcome === 'broken' || outcome === 'disconnected' || outcome === 'timed out');
  return jobs.length + (reported.job === undefined ? unanswered.length : 0);
}
