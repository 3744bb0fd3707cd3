import { isEnd } from '../http/job.ts';
import type { Intent, KnownJob, RecordedResponse } from '../journal.ts';
import type { Mark } from '../load/work.ts';
import { readReportedOutcomes } from './reported-outcomes.ts';
import type { Violation } from './violation.ts';

/** Finds violations that are possible for every job. */
export function checkJob(job: KnownJob, marks: readonly Mark[]): Violation[] {
  const { id, intent, isGone, isAcknowledged, view } = job;
  const violations: Violation[] = [];
  const ran = intent.jobs.length === 1 && marks.length > 0;
  if (isGone && (isAcknowledged || ran))
    violations.push({ kind: 'lost', intent, text: `there is no job ${id}${ran ? ', and it ran' : ''}` });
  if (!isGone && !isEnd(view?.status)) violations.push({ kind: 'stuck', intent, text: `job ${id} is ${view?.status ?? 'not readable'}` });
  const ends = new Set(
    readReportedOutcomes(intent)
      .filter(reported => reported.job === id)
      .map(({ effect }) => effect),
  );
  if (ends.size > 1) violations.push({ kind: 'two_ends', intent, text: `job ${id} was reported as ${[...ends].join(', then as ')}` });
  return violations;
}

/** Finds responses that no request may have. */
export function checkResponses(intent: Intent): Violation[] {
  const timedOut = intent.responses.filter(({ outcome }) => outcome === 'timed out');
  const unexpected = intent.responses.filter(response => isUnexpected(intent, response));
  return [
    ...timedOut.map(({ request, api }): Violation => ({ kind: 'stuck', intent, text: `api-${api} did not answer ${request} within 60 s` })),
    ...unexpected.map((response): Violation => ({ kind: 'unexpected', intent, text: textOf(response) })),
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
  return `api-${api} answered ${request} with ${outcome.status} ${outcome.error?.type}: ${outcome.error?.message}`;
}
