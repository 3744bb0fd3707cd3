import { token } from './ask.js';
import { createQuestion } from './question.js';
import { createTable, element, setText } from './table.js';
import { age, counted, cut } from './words.js';

/** @typedef {import('./types.d.ts').Job} Job */

const underWay = ['running', 'queued'];
/** Ends that somebody may want to look into. A job that was cancelled or withdrawn ended as its caller wanted. */
const failures = ['failed', 'timed_out', 'unknown'];
const mostFailures = 10;
const mostUnderWay = 50;

/** Those that are under way or have failed, by their ids. @type {Map<string, Job>} */
const known = new Map();

/** @param {Job} job */
function learn(job) {
  if ([...underWay, ...failures].includes(job.status)) known.set(job.id, job);
  else known.delete(job.id);
}

/**
 * The newest jobs are one short read of the API's, so they are asked for each time.
 * @type {import('./types.d.ts').Question<{jobs: readonly Job[]}>}
 */
export const newest = createQuestion('jobs?limit=100', 0, ({ jobs }) => jobs.forEach(learn));

/**
 * What began or failed before those is looked for among thousands: less often.
 * @type {readonly import('./types.d.ts').Question<{jobs: readonly Job[]}>[]}
 */
export const older = [...underWay, ...failures].map(status =>
  createQuestion(`jobs?status=${status}&limit=${underWay.includes(status) ? 100 : mostFailures}`, 10_000, ({ jobs }) => {
    // An end is for good, but what was under way and is so no longer has ended unseen.
    const still = new Set(jobs.map(({ id }) => id));
    if (underWay.includes(status)) for (const job of known.values()) if (job.status === status && !still.has(job.id)) known.delete(job.id);
    jobs.forEach(learn);
  }),
);

/** For another token. */
export function forgetJobs() {
  known.clear();
}

const working = createTable('working');
const failed = createTable('failed');

/** @param {number} now */
export function showJobs(now) {
  const all = [...known.values()];
  const open = all.filter(({ status }) => underWay.includes(status)).sort(byTime(job => job.created_at));
  const ended = all.filter(({ status }) => failures.includes(status)).sort(byTime(({ finished_at }) => finished_at ?? ''));
  for (const { id } of ended.splice(mostFailures)) known.delete(id);
  const shown = newest.body && open.slice(0, mostUnderWay);
  working.show(
    shown?.map(job => workingRow(job, now)),
    newest.problem,
  );
  failed.show(newest.body && ended.map(job => failedRow(job, now)), newest.problem);
  const more = open.length - mostUnderWay;
  setText(element('#working .more', HTMLElement), more > 0 ? `And at least ${counted(more, 'more job')}.` : '');
  const tokens = new Set(newest.body?.jobs.map(job => job.token));
  setText(
    element('#others', HTMLElement),
    token.text !== '' && newest.body && tokens.size < 2 ? 'Jobs are those of this token alone, unless it has the scope jobs.' : '',
  );
}

/** The newest first. @param {(job: Job) => string} of @returns {(one: Job, other: Job) => number} */
function byTime(of) {
  return (one, other) => of(other).localeCompare(of(one)) || other.id.localeCompare(one.id);
}

/** @param {Job} job @param {number} now @returns {import('./types.d.ts').Row} */
function workingRow(job, now) {
  return {
    key: job.id,
    cells: [
      { text: job.operation, href: job.url },
      { text: job.status, tone: job.status === 'running' ? 'busy' : 'quiet' },
      { text: job.container ?? 'none', ...(job.container === null && { tone: 'quiet' }) },
      { text: job.node },
      { text: age(job.started_at ?? job.created_at, now), tone: 'quiet' },
    ],
  };
}

/** @param {Job} job @param {number} now @returns {import('./types.d.ts').Row} */
function failedRow(job, now) {
  return {
    key: job.id,
    cells: [
      { text: job.operation, href: job.url },
      { text: job.status.replace('_', ' '), tone: job.status === 'failed' ? 'bad' : 'warn' },
      { text: cut(job.error?.message ?? 'nothing was told', 300) },
      { text: job.container ?? 'none', ...(job.container === null && { tone: 'quiet' }) },
      { text: job.node },
      { text: `${age(job.finished_at ?? job.created_at, now)} ago`, tone: 'quiet' },
    ],
  };
}
