import { fieldOf } from '@podman-api/testing/field';
import type { JobReport } from '../http/job.ts';
import type { CheckedResponse } from '../http/response.ts';
import type { Intent, RecordedResponse } from '../journal.ts';

/** Claim of a response about an intent. */
export interface OutcomeClaim {
  /** What happened to the intent, by the response. `ended`: started, then cancelled or timed out. */
  readonly effect: 'done' | 'never ran' | 'failed' | 'ended' | 'unknown';
  /** Time from which on it holds, in ms since 1970. */
  readonly sinceMs: number;
  /** The job that it is about. */
  readonly job?: string;
  readonly result?: unknown;
}

/** Returns the claims of all responses to an intent, in order. */
export function readClaims(intent: Intent): OutcomeClaim[] {
  return intent.responses.map(readClaim).filter(claim => claim !== undefined);
}

function readClaim({ receivedAtMs, request, outcome }: RecordedResponse): OutcomeClaim | undefined {
  if (typeof outcome === 'string')
    return outcome === 'sent incompletely' || outcome === 'refused' ? { effect: 'never ran', sinceMs: receivedAtMs } : undefined;
  if (outcome.job) {
    const effect = claimOfStatus(outcome.job) ?? (request === 'submit' && outcome.status >= 500 ? claimOfResponse(outcome) : undefined);
    const { id: job, finishedAtMs, result } = outcome.job;
    // A run that reaches its time limit is not a failure.
    const isTimedOut = effect === 'done' && fieldOf(result, 'timed_out') === true;
    return effect && { effect: isTimedOut ? 'ended' : effect, sinceMs: finishedAtMs ?? receivedAtMs, job, result };
  }
  const effect = request === 'submit' ? claimOfResponse(outcome) : undefined;
  return effect && { effect, sinceMs: receivedAtMs };
}

/** Returns the claim of a job's status. */
export function claimOfStatus({ status, startedAtMs }: JobReport): OutcomeClaim['effect'] | undefined {
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

/** Returns the claim of a response without a job status. A 409 claims nothing: another request with the key is running. */
function claimOfResponse({ status, error, job }: CheckedResponse): OutcomeClaim['effect'] | undefined {
  if (status === 503) return job ? undefined : 'never ran';
  if (status === 500) return /unknown/.test(error?.message ?? '') ? 'unknown' : 'failed';
  if (status === 404) return 'failed';
  return [400, 401, 403, 405, 413, 415, 422, 429].includes(status) ? 'never ran' : undefined;
}

/**
 * Counts other requests of an intent that may have run it, so that the observed state does not contradict a claim.
 * Returns 0 for an intent with a single request.
 */
export function othersThatMayHaveRun(intent: Intent, claim: OutcomeClaim): number {
  const submitted = intent.responses.filter(({ request }) => request === 'submit');
  if (submitted.length <= 1) return 0;
  const jobs = intent.jobs.filter(({ id, view }) => id !== claim.job && (!view || claimOfStatus(view) !== 'never ran'));
  const unanswered = submitted.filter(({ outcome }) => outcome === 'broken' || outcome === 'disconnected' || outcome === 'timed out');
  return jobs.length + (claim.job === undefined ? unanswered.length : 0);
}
