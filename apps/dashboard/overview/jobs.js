import { token } from '../shared/api.js';
import { formatAge, formatCount, shorten } from '../shared/format.js';
import { createResource } from '../shared/resource.js';
import { createTable, element, setText } from '../shared/table.js';

/** @typedef {import('../shared/types.d.ts').Job} Job */

const openStatuses = ['running', 'queued'];
/** Outcomes that need attention. A cancelled or withdrawn job ended as its caller wanted. */
const failureStatuses = ['failed', 'timed_out', 'unknown'];
const maxFailures = 10;
const maxOpen = 50;

/** Jobs that are running, queued or have failed, by id. @type {Map<string, Job>} */
const known = new Map();

/** @param {Job} job */
function addJob(job) {
  if ([...openStatuses, ...failureStatuses].includes(job.status)) known.set(job.id, job);
  else known.delete(job.id);
}

/**
 * The newest jobs. Cheap for the API, so they are loaded with each update.
 * @type {import('../shared/types.d.ts').PolledResource<{jobs: readonly Job[]}>}
 */
export const newest = createResource('jobs?limit=100', 0, ({ jobs }) => jobs.forEach(addJob));

/**
 * Older open and failed jobs. The API searches thousands of jobs for them, so they are loaded less often.
 * @type {readonly import('../shared/types.d.ts').PolledResource<{jobs: readonly Job[]}>[]}
 */
export const older = [...openStatuses, ...failureStatuses].map(status =>
  createResource(`jobs?status=${status}&limit=${openStatuses.includes(status) ? 100 : maxFailures}`, 10_000, ({ jobs }) => {
    // An open job that is missing from the response has ended since.
    const listedIds = new Set(jobs.map(({ id }) => id));
    if (openStatuses.includes(status))
      for (const job of known.values()) if (job.status === status && !listedIds.has(job.id)) known.delete(job.id);
    jobs.forEach(addJob);
  }),
);

/** Discards all jobs when the token changes. */
export function forgetJobs() {
  known.clear();
}

const working = createTable('working');
const failed = createTable('failed');

/** @param {number} now */
export function showJobs(now) {
  const all = [...known.values()];
  const open = all.filter(({ status }) => openStatuses.includes(status)).sort(byTime(job => job.created_at));
  const ended = all.filter(({ status }) => failureStatuses.includes(status)).sort(byTime(({ finished_at }) => finished_at ?? ''));
  for (const { id } of ended.splice(maxFailures)) known.delete(id);
  const shown = newest.body && open.slice(0, maxOpen);
  working.show(
    shown?.map(job => workingRow(job, now)),
    newest.problem,
  );
  failed.show(newest.body && ended.map(job => failedRow(job, now)), newest.problem);
  const hiddenCount = open.length - maxOpen;
  setText(element('#working .more', HTMLElement), hiddenCount > 0 ? `And at least ${formatCount(hiddenCount, 'more job')}.` : '');
  const tokens = new Set(newest.body?.jobs.map(job => job.token));
  setText(
    element('#others', HTMLElement),
    token.text !== '' && newest.body && tokens.size < 2 ? 'Only jobs of this token are shown, unless it has the scope jobs.' : '',
  );
}

/** Compares by time, newest first. @param {(job: Job) => string} getTime @returns {(one: Job, other: Job) => number} */
function byTime(getTime) {
  return (one, other) => getTime(other).localeCompare(getTime(one)) || other.id.localeCompare(one.id);
}

/** @param {Job} job @param {number} now @returns {import('../shared/types.d.ts').Row} */
function workingRow(job, now) {
  return {
    key: job.id,
    cells: [
      { text: job.operation, href: job.url },
      { text: job.status, tone: job.status === 'running' ? 'busy' : 'quiet' },
      { text: job.container ?? 'none', ...(job.container === null && { tone: 'quiet' }) },
      { text: job.node },
      { text: formatAge(job.started_at ?? job.created_at, now), tone: 'quiet' },
    ],
  };
}

/** @param {Job} job @param {number} now @returns {import('../shared/types.d.ts').Row} */
function failedRow(job, now) {
  return {
    key: job.id,
    cells: [
      { text: job.operation, href: job.url },
      { text: job.status.replace('_', ' '), tone: job.status === 'failed' ? 'bad' : 'warn' },
      { text: shorten(job.error?.message ?? 'no error message', 300) },
      { text: job.container ?? 'none', ...(job.container === null && { tone: 'quiet' }) },
      { text: job.node },
      { text: `${formatAge(job.finished_at ?? job.created_at, now)} ago`, tone: 'quiet' },
    ],
  };
}
