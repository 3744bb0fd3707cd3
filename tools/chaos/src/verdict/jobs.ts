import { isEnd } from '../http/job.ts';
import type { Act, KnownJob, Told } from '../journal.ts';
import type { Mark } from '../load/work.ts';
import { claimsOf } from './claims.ts';
import type { Finding } from './finding.ts';

/** What may not be with any job, whatever it does. */
export function judgeJob(job: KnownJob, marks: readonly Mark[]): Finding[] {
  const { id, act, gone, acknowledged, view } = job;
  const findings: Finding[] = [];
  const ran = act.jobs.length === 1 && marks.length > 0;
  if (gone && (acknowledged || ran)) findings.push({ offence: 'lost', act, text: `there is no job ${id}${ran ? ', and it ran' : ''}` });
  if (!gone && !isEnd(view?.status)) findings.push({ offence: 'stuck', act, text: `job ${id} is ${view?.status ?? 'not to be read'}` });
  const ends = new Set(
    claimsOf(act)
      .filter(claim => claim.job === id)
      .map(({ says }) => says),
  );
  if (ends.size > 1) findings.push({ offence: 'two_ends', act, text: `job ${id} was told as ${[...ends].join(', then as ')}` });
  return findings;
}

/** What may not be with the answers to any request. */
export function judgeAnswers(act: Act): Finding[] {
  const silence = act.told.filter(({ outcome }) => outcome === 'silence');
  const strange = act.told.filter(told => isStrange(act, told));
  return [
    ...silence.map(({ request, api }): Finding => ({ offence: 'stuck', act, text: `api-${api} did not answer to ${request} for 60 s` })),
    ...strange.map((told): Finding => ({ offence: 'unexpected', act, text: textOf(told) })),
  ];
}

const always = [200, 201, 202, 408, 503];

function isStrange({ work, told }: Act, { request, outcome }: Told): boolean {
  if (typeof outcome === 'string' || always.includes(outcome.status)) return false;
  if (outcome.status === 500) return outcome.error?.type !== 'PodmanAPIError';
  // What has ended can't be cancelled; of two requests with one key, one may be told that the other is under way.
  if (outcome.status === 409) return request === 'act' && told.filter(other => other.request === 'act').length <= 1;
  return !(outcome.status === 404 && (request !== 'act' || work.kind === 'remove'));
}

function textOf({ request, api, outcome }: Told): string {
  if (typeof outcome === 'string') return outcome;
  return `api-${api} answered to ${request} with ${outcome.status} ${outcome.error?.type}: ${outcome.error?.message}`;
}
