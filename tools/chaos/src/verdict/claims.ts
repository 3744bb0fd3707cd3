import type { Answer } from '../http/answer.ts';
import type { JobReport } from '../http/job.ts';
import type { Act, Told } from '../journal.ts';

/** What a caller was told of what it wanted: that it is done, that it never ran, that it failed, … */
export interface Claim {
  /** `ended` is what was begun and did not come to its end: cancelled, or its time was over. */
  readonly says: 'done' | 'never ran' | 'failed' | 'ended' | 'unknown';
  /** Since when that holds, in ms since 1970. */
  readonly at: number;
  /** The job that it is about. */
  readonly job?: string;
  readonly result?: unknown;
}

/** All that a caller was told about an act, in order. */
export function claimsOf(act: Act): Claim[] {
  return act.told.map(claimOf).filter(claim => claim !== undefined);
}

function claimOf({ at, request, outcome }: Told): Claim | undefined {
  if (typeof outcome === 'string') return outcome === 'not sent whole' || outcome === 'refused' ? { says: 'never ran', at } : undefined;
  if (outcome.job) {
    const says = saidOf(outcome.job) ?? (request === 'act' && outcome.status >= 500 ? saidBy(outcome) : undefined);
    return says && { says, at: outcome.job.finishedAt ?? at, job: outcome.job.id, result: outcome.job.result };
  }
  const says = request === 'act' ? saidBy(outcome) : undefined;
  return says && { says, at };
}

/** What a job's status says. */
export function saidOf({ status, startedAt }: JobReport): Claim['says'] | undefined {
  switch (status) {
    case 'succeeded':
      return 'done';
    case 'withdrawn':
      return 'never ran';
    case 'cancelled':
    case 'timed_out':
      return startedAt === null ? 'never ran' : 'ended';
    case 'failed':
    case 'unknown':
      return status;
    default:
      return undefined;
  }
}

/** What an answer says that tells no status of a job; a 409 says that another request with the key is under way. */
function saidBy({ status, error, job }: Answer): Claim['says'] | undefined {
  if (status === 503) return job ? undefined : 'never ran';
  if (status === 500) return /unknown/.test(error?.message ?? '') ? 'unknown' : 'failed';
  if (status === 404) return 'failed';
  return [400, 401, 403, 405, 413, 415, 422, 429].includes(status) ? 'never ran' : undefined;
}

/**
 * How many other requests of an act may have run it, so that what was found need not speak against a claim.
 * An act that was asked for once is what the claim is about.
 */
export function othersThatMayHaveRun(act: Act, claim: Claim): number {
  const asked = act.told.filter(({ request }) => request === 'act');
  if (asked.length <= 1) return 0;
  const jobs = act.jobs.filter(({ id, view }) => id !== claim.job && (!view || saidOf(view) !== 'never ran'));
  const unanswered = asked.filter(({ outcome }) => outcome === 'broken' || outcome === 'left' || outcome === 'silence');
  return jobs.length + (claim.job === undefined ? unanswered.length : 0);
}
