import { isEnd } from '../http/job.ts';
import type { Intent, KnownJob, RecordedResponse } from '../journal.ts';
import type { Mark } from '../load/work.ts';
import { readClaims } from './claims.ts';
import type { Violation } from './violation.ts';

/** Finds violations that are possible for every job. */
export function checkJob(job: KnownJob, marks: readonly Mark[]): Violation[] {
  const { id, intent, gone, acknowledged, view } = job;
  const violations: Violation[] = [];
  const ran = intent.jobs.length === 1 && marks.length > 0;
  if (gone && (acknowledged || ran))
    violations.push({ offence: 'lost', intent, text: `there is no job ${id}${ran ? ', and it ran' : ''}` });
  if (!gone && !isEnd(view?.status)) violations.push({ offence: 'stuck', intent, text: `job ${id} is ${view?.status ?? 'not readable'}` });
  const ends = new Set(
    readClaims(intent)
      .filter(claim => claim.job === id)
      .map(({ says }) => says),
  );
  if (ends.size > 1) violations.push({ offence: 'two_ends', intent, text: `job ${id} was reported as ${[...ends].join(', then as ')}` });
  return violations;
}

/** Finds responses that no request may have. */
export function checkAnswers(intent: Intent): Violation[] {
  const silence = intent.responses.filter(({ outcome }) => outcome === 'silence');
  const unexpected = intent.responses.filter(response => isUnexpected(intent, response));
  return [
    ...silence.map(
      ({ request, api }): Violation => ({ offence: 'stuck', intent, text: `api-${api} did not answer to ${request} for 60 s` }),
    ),
    ...unexpected.map((response): Violation => ({ offence: 'unexpected', intent, text: textOf(response) })),
  ];
}

const always = [200, 201, 202, 408, 503];

function isUnexpected({ work, responses }: Intent, { request, outcome }: RecordedResponse): boolean {
  if (typeof outcome === 'string' || always.includes(outcome.status)) return false;
  if (outcome.status === 500) return outcome.error?.type !== 'PodmanAPIError';
  // An ended job cannot be cancelled. Of two requests with one key, one may get a 409 while the other is running.
  if (outcome.status === 409) return request === 'submit' && responses.filter(other => other.request === 'submit').length <= 1;
  return !(outcome.status === 404 && (request !== 'submit' || work.kind === 'remove'));
}

function textOf({ request, api, outcome }: RecordedResponse): string {
  if (typeof outcome === 'string') return outcome;
  return `api-${api} answered to ${request} with ${outcome.status} ${outcome.error?.type}: ${outcome.error?.message}`;
}
