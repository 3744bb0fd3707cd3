import { describe, expect, it } from 'vitest';
import { parseResponse } from '../src/http/response.ts';
import type { Failure } from '../src/http/send.ts';
import { Journal } from '../src/journal.ts';
import { contentHash, type Mark, marksIn, type Work } from '../src/load/work.ts';
import type { ObservedContainer } from '../src/observed/containers.ts';
import type { ObservedFile } from '../src/observed/observed-state.ts';
import { checkRun } from '../src/verdict/verdict.ts';

const job = 'node_00000000000000000000';
const finished = '2026-01-01T00:00:10.000Z';
const at = (seconds: number) => Date.parse('2026-01-01T00:00:00.000Z') + seconds * 1000;
const quick: Work = { kind: 'exec', container: 'marks', behavior: 'plain', durationSeconds: 0 };
const begin: Mark = { id: 'a', what: 'begin', atMs: at(1) };
const end: Mark = { id: 'a', what: 'end', atMs: at(2) };
const done = { exit_code: 0, stdout: 'a\n' };
const view = (status: string, rest: object = {}) => [200, { job: { id: job, status, finished_at: finished, ...rest } }] as const;

type Reply = readonly [number, object] | Failure;
interface Case {
  readonly work?: Work;
  /** Responses to the caller, in order. */
  readonly intent?: readonly Reply[];
  /** Response to the last read of the job. */
  readonly read?: Reply;
  readonly marks?: readonly Mark[];
  readonly containers?: readonly ObservedContainer[];
  readonly files?: readonly ObservedFile[];
  readonly worker?: { readonly startedAtMs: number; readonly endedAtMs: number };
  readonly redis?: { readonly startedAtMs: number; readonly endedAtMs: number };
}

function findViolationKinds({ work = quick, intent = [], read, marks = [], containers = [], files = [], worker, redis }: Case): string[] {
  const journal = new Journal();
  const wanted = journal.addIntent('a', work);
  const response = (request: 'submit' | 'read', reply: Reply) => {
    const outcome = typeof reply === 'string' ? reply : parseResponse(reply[0], JSON.stringify(reply[1]));
    return { receivedAtMs: at(20), request, api: 1, outcome };
  };
  for (const reply of intent) journal.recordResponse(wanted, response('submit', reply));
  if (read) for (const known of [...journal.jobs.values()]) journal.recordRead(known, response('read', read));
  const verdict = checkRun({
    journal,
    observed: {
      marks: Map.groupBy(marks, ({ id }) => id),
      containers: new Map(containers.map(container => [container.name, container])),
      uploads: files,
      images: new Set(),
      runContainers: [],
      processes: [],
      podmanProcesses: [],
    },
    idle: [],
    faults: [
      ...(worker ? [{ text: '', kind: 'kill', role: 'worker', ...worker } as const] : []),
      ...(redis ? [{ text: '', kind: 'kill', role: 'redis', ...redis } as const] : []),
    ],
    crashes: [],
  });
  return verdict.violations.map(({ kind }) => kind);
}

const failed = [500, { job_id: job, error: { type: 'PodmanAPIError', message: 'it failed' } }] as const;
const unsure = [500, { job_id: job, error: { type: 'PodmanAPIError', message: 'the outcome is unknown' } }] as const;
const ok = [200, { job_id: job, execution: done }] as const;

describe('verdict on an exec', () => {
  it.each<[string, Case, string[]]>([
    ['done and reported as succeeded', { intent: [ok], read: view('succeeded', { result: done }), marks: [begin, end] }, []],
    ['run twice', { intent: [ok], read: view('succeeded', { result: done }), marks: [begin, end, begin] }, ['run_twice']],
    ['reported as succeeded, and not done', { intent: [ok], read: view('succeeded', { result: done }), marks: [begin] }, ['false_success']],
    [
      'reported with truncated output',
      { intent: [[200, { job_id: job, execution: { exit_code: 0, stdout: '' } }]], read: view('running'), marks: [begin, end] },
      ['false_success', 'stuck'],
    ],
    [
      'killed from outside, and reported with its exit code',
      { intent: [[200, { job_id: job, execution: { exit_code: 137, stdout: '' } }]], read: 'broken', marks: [begin] },
      ['false_success', 'stuck'],
    ],
    [
      'withdrawn, and it ran',
      { intent: [[408, { error: { job: { id: job, status: 'withdrawn' } } }]], read: view('withdrawn'), marks: [begin] },
      ['false_failure'],
    ],
    ['refused without a job, and it ran', { intent: [[503, {}]], marks: [begin, end] }, ['false_failure']],
    [
      'refused once and run later, with a key',
      { intent: [[503, {}], ok], read: view('succeeded', { result: done }), marks: [begin, end] },
      [],
    ],
    ['failed, and it was done', { intent: [failed], read: view('failed'), marks: [begin, end] }, ['false_failure']],
    [
      'cancelled while it waited, and it ran',
      { intent: [[202, { job: { id: job } }]], read: view('cancelled', { started_at: null }), marks: [begin] },
      ['false_failure'],
    ],
    ['cancelled, and it did not end', { intent: [[202, { job: { id: job } }]], read: view('cancelled'), marks: [begin] }, []],
    [
      'cancelled, and it continued',
      { intent: [[202, { job: { id: job } }]], read: view('cancelled'), marks: [begin, { ...end, atMs: at(11) }] },
      ['false_failure'],
    ],
    ['acknowledged, and not there', { intent: [[202, { job: { id: job } }]], read: [404, {}] }, ['lost']],
    ['perhaps never added, and not there', { intent: [[503, { error: { job: { id: job, status: 'unknown' } } }]], read: [404, {}] }, []],
    ['without an end', { intent: [[202, { job: { id: job } }]], read: view('running') }, ['stuck']],
    ['without a response', { intent: ['timed out'] }, ['stuck']],
    ['sent incompletely, and it ran', { intent: ['sent incompletely'], marks: [begin] }, ['false_failure']],
    ['reported with two outcomes', { intent: [ok], read: view('failed'), marks: [begin] }, ['false_success', 'two_ends']],
    ['an internal error of the API', { intent: [[500, { error: { type: 'InternalError', message: '' } }]] }, ['unexpected']],
  ])('%s', (_name, given, expected) => {
    expect(findViolationKinds(given)).toEqual(expected);
  });

  it('accepts a lost job that was acknowledged within two seconds before Redis was killed', () => {
    const lost = { intent: [[202, { job: { id: job } }]], read: [404, {}] } as const;
    expect(findViolationKinds({ ...lost, redis: { startedAtMs: at(20.5), endedAtMs: at(21) } })).toEqual([]);
    expect(findViolationKinds({ ...lost, redis: { startedAtMs: at(22.5), endedAtMs: at(23) } })).toEqual(['lost']);
    expect(findViolationKinds({ ...lost, redis: { startedAtMs: at(19.5), endedAtMs: at(20) } })).toEqual(['lost']);
  });

  it('accepts an unknown outcome only if a fault happened during the run', () => {
    const unknown = { intent: [[202, { job: { id: job } }]], read: view('unknown'), marks: [begin, end] } as const;
    expect(findViolationKinds({ ...unknown, worker: { startedAtMs: at(1.5), endedAtMs: at(2.5) } })).toEqual([]);
    expect(findViolationKinds({ ...unknown, worker: { startedAtMs: at(9), endedAtMs: at(10) } })).toEqual(['unexplained_unknown']);
  });
});

describe('verdict on a container', () => {
  const create: Work = { kind: 'create', container: 'c' };
  const created = [201, { job_id: job, container: { id: 'x', name: 'c' } }] as const;
  const there = { id: 'x', name: 'c', state: 'running', pid: 1 };
  it.each<[string, Case, string[]]>([
    ['created and there', { intent: [created], read: view('succeeded'), containers: [there] }, []],
    ['created and not there', { intent: [created], read: view('succeeded') }, ['false_success']],
    [
      'created and not started',
      { intent: [created], read: view('succeeded'), containers: [{ ...there, state: 'created' }] },
      ['false_success'],
    ],
    ['not created and there', { intent: [failed], read: view('failed'), containers: [there] }, ['false_failure']],
    [
      'unknown and there',
      { intent: [unsure], read: view('unknown'), containers: [there], worker: { startedAtMs: at(0), endedAtMs: Number.POSITIVE_INFINITY } },
      [],
    ],
  ])('%s', (_name, given, expected) => {
    expect(findViolationKinds({ work: create, ...given })).toEqual(expected);
  });
});

describe('marksIn', () => {
  it('reads the lines of a file of marks', () => {
    expect(marksIn('c1-2 begin 1.50\nc1-2 end 2.5\nrubbish\n')).toMatchObject([
      { id: 'c1-2', what: 'begin' },
      { id: 'c1-2', what: 'end' },
    ]);
  });
});

describe('verdict on a run', () => {
  const run: Work = { kind: 'run', volume: 'v', behavior: 'plain', durationSeconds: 0, timeoutSeconds: 1 };
  const timedOut = [200, { job_id: job, run: { exit_code: 137, stdout: '', timed_out: true } }] as const;
  it.each<[string, Case, string[]]>([
    [
      'done and reported as succeeded',
      { intent: [[200, { job_id: job, run: done }]], read: view('succeeded', { result: done }), marks: [begin, end] },
      [],
    ],
    [
      'at its time limit, and it ended',
      { intent: [timedOut], read: view('succeeded', { result: { timed_out: true } }), marks: [begin] },
      [],
    ],
    [
      'at its time limit, and it continued',
      { intent: [timedOut], read: 'broken', marks: [begin, { ...end, atMs: at(21) }] },
      ['false_failure', 'stuck'],
    ],
  ])('%s', (_name, given, expected) => {
    expect(findViolationKinds({ work: run, ...given })).toEqual(expected);
  });
});

describe('verdict on an upload', () => {
  const upload = { kind: 'upload', container: 'c', sizeBytes: 10 } as const;
  const uploaded = [201, { job_id: job, file: { path: '/uploads/a' } }] as const;
  const whole = { name: 'a', sha256: contentHash('a', upload) };
  it.each<[string, Case, string[]]>([
    ['uploaded and there', { intent: [uploaded], read: view('succeeded'), files: [whole] }, []],
    ['uploaded and not there', { intent: [uploaded], read: view('succeeded') }, ['false_success']],
    ['there in part', { intent: [uploaded], read: view('succeeded'), files: [{ name: 'a', sha256: '0' }] }, ['file_in_part']],
    ['failed and there', { intent: [failed], read: view('failed'), files: [whole] }, ['false_failure']],
    ['cancelled after it was started, and there', { intent: ['disconnected'], read: view('cancelled'), files: [whole] }, []],
    ['a temporary file', { intent: [uploaded], read: view('succeeded'), files: [whole, { name: '.tmp', sha256: '0' }] }, ['files_left']],
  ])('%s', (_name, given, expected) => {
    expect(findViolationKinds({ work: upload, ...given })).toEqual(expected);
  });
});

describe('verdict on a wait', () => {
  it('reports a wait that succeeded although its container runs', () => {
    const response = [200, { job_id: job, container: { name: 'c' } }] as const;
    const wait = (condition: 'running' | 'stopped'): Case => ({
      work: { kind: 'wait', container: 'c', condition },
      intent: [response],
      read: view('succeeded'),
    });
    expect(findViolationKinds(wait('running'))).toEqual([]);
    expect(findViolationKinds(wait('stopped'))).toEqual(['false_success']);
  });
});
