import { randomInt } from 'node:crypto';
import { type Answer, images, type Service, startApi, startService, type TestApi, until } from '@podman-api/testing';
import { ownName, startContainer } from '@podman-api/testing/containers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGate, uniquePath } from './gate.ts';
import { cancelStartingCreates, cancelStartingExecs } from './jobs/cancel-rounds.ts';

const maxQueue = 10;

let service: Service;
/** Another API process of the same service. */
let second: TestApi;
let container: string;
beforeAll(async () => {
  service = await startService({ MAX_WORKERS: '2', MAX_QUEUE: `${maxQueue}`, MAX_QUEUE_BYTES: '2MiB' });
  second = await startApi(service.env);
  container = await startContainer(images.plain);
});
afterAll(async () => {
  await second.api.end();
  await service.stop();
});

const detached = { Prefer: 'respond-async' } as const;
const exec = (command: string, headers: Record<string, string> = {}) =>
  service.call('POST', `/containers/${container}/exec`, { command }, headers);
const megabyte = 'x'.repeat(1024 ** 2);
const sendStdin = (stdin: string) => service.call('POST', `/containers/${container}/exec`, { command: 'wc -c', stdin }, detached);
const idOf = (answer: Answer) => String(answer.field('job_id'));
const getJob = async (id: string) => (await second.call('GET', `/jobs/${id}`)).field('job');
/** Waits for a job to end. */
const awaitJob = async (id: string) => (await second.call('GET', `/jobs/${id}?wait=300`)).field('job');
const awaitRunning = (id: string) => until(async () => (await second.call('GET', `/jobs/${id}`)).field('job.status') === 'running');

describe('Prefer', () => {
  it('respond-async: returns 202 before the job ends; any API process returns the result', async () => {
    const gate = createGate(container);
    const accepted = await exec(`${gate.wait}; echo done`, detached);
    expect(accepted).toMatchObject({ status: 202, body: { success: true, job: { operation: 'container.exec', container } } });
    expect(accepted.headers.get('Preference-Applied')).toBe('respond-async');
    expect(accepted.headers.get('Location')).toBe(`/api/v1/jobs/${idOf(accepted)}`);
    await gate.open();
    expect(await awaitJob(idOf(accepted))).toMatchObject({ status: 'succeeded', result: { exit_code: 0, output: 'done\n' } });
  });

  it('wait=N: returns 408 after N seconds, and a running job continues', async () => {
    const gate = createGate(container);
    const answer = await waitUntilRunning(`${gate.wait}; echo done`);
    expect(answer.headers.get('x-should-retry')).toBe('false');
    expect(answer.headers.get('Location')).toBe(answer.field('error.job.url'));
    await gate.open();
    expect(await awaitJob(idOf(answer))).toMatchObject({ status: 'succeeded', result: { output: 'done\n' } });
  });

  it('respond-async, wait=N: returns the result if the job ends in time, else 202', async () => {
    expect((await exec('echo quick', { Prefer: 'respond-async, wait=300' })).body).toMatchObject({ execution: { stdout: 'quick\n' } });
    const gate = createGate(container);
    const accepted = await exec(gate.wait, { Prefer: 'respond-async, wait=1' });
    expect(accepted.status).toBe(202);
    await gate.open();
    expect(await awaitJob(idOf(accepted))).toMatchObject({ status: 'succeeded' });
  });

  it('wait=0: returns at once, with and without an Idempotency-Key', async () => {
    const gate = createGate(container);
    for (const headers of [{}, { 'Idempotency-Key': 'wait=0' }]) {
      const answer = await exec(gate.wait, { ...headers, Prefer: 'wait=0' });
      expect(answer).toMatchObject({ status: 408, body: { error: { job: { status: expect.stringMatching(/^(withdrawn|running)$/) } } } });
    }
    const accepted = await exec(gate.wait, { Prefer: 'respond-async, wait=0' });
    expect(accepted).toMatchObject({ status: 202, body: { job: { status: expect.stringMatching(/^(queued|running)$/) } } });
    await gate.open();
    expect(await awaitJob(idOf(accepted))).toMatchObject({ status: 'succeeded' });
  });
});

/**
 * Sends a command that does not end, with `wait=1` and then longer waits, until the job starts within one: a busy machine may need
 * more than a second. A job that has not started must be withdrawn.
 * @returns the 408 of the running job
 */
async function waitUntilRunning(command: string): Promise<Answer> {
  for (let wait = 1; ; wait *= 2) {
    const answer = await exec(command, { Prefer: `wait=${wait}` });
    expect(answer).toMatchObject({ status: 408, body: { error: { type: 'TimeoutError' } } });
    expect(answer.headers.get('Preference-Applied')).toBe(`wait=${wait}`);
    const status = answer.field('error.job.status');
    expect(await getJob(idOf(answer))).toMatchObject({ status });
    if (status === 'running') return answer;
    expect(status).toBe('withdrawn');
  }
}

describe('Idempotency-Key', () => {
  it('makes one container for a hundred requests over two API processes, and returns 422 for another body', async () => {
    const name = ownName();
    const body = { image: images.plain, name, network: 'none', command: 'sleep 300' };
    const key = { 'Idempotency-Key': `create ${name}` };
    const calls = Array.from({ length: 100 }, (_, index) => (index % 2 ? second.call : service.call)('POST', '/containers', body, key));
    const answers = await Promise.all(calls);
    expect(answers.filter(({ status }) => status !== 201).map(({ body }) => body)).toEqual([]);
    expect(new Set(answers.map(idOf)).size).toBe(1);
    expect(new Set(answers.map(answer => answer.field('container.id'))).size).toBe(1);
    expect(await second.call('POST', '/containers', { ...body, command: 'sleep 301' }, key)).toMatchObject({
      status: 422,
      body: { error: { type: 'IdempotencyError' } },
    });
  });

  it('runs a command once and returns its answer again', async () => {
    const key = { 'Idempotency-Key': 'count' };
    const path = uniquePath();
    const command = `echo x >>${path}; wc -l <${path}`;
    const first = await exec(command, key);
    expect(first.field('execution.stdout')).toBe('1\n');
    const again = await second.call('POST', `/containers/${container}/exec`, { command }, key);
    expect(again.body).toMatchObject({ execution: first.field('execution'), job_id: idOf(first) });
  });

  it('returns 400 for a key that is too long', async () => {
    expect((await exec('true', { 'Idempotency-Key': 'x'.repeat(256) })).body).toMatchObject({
      error: { type: 'ValidationError', details: [{ path: 'Idempotency-Key' }] },
    });
  });
});

describe('with MAX_WORKERS commands running', () => {
  /** Occupies both workers until the gate opens. */
  const occupyWorkers = async () => {
    const gate = createGate(container);
    const ids = [idOf(await exec(gate.wait, detached)), idOf(await exec(gate.wait, detached))];
    for (const id of ids) await awaitRunning(id);
    return { gate, ids };
  };

  it('DELETE /jobs/:id: a queued job is cancelled and never runs', async () => {
    const { gate, ids } = await occupyWorkers();
    const path = uniquePath();
    const queued = await exec(`touch ${path}`, detached);
    expect(await second.call('DELETE', `/jobs/${idOf(queued)}`)).toMatchObject({
      status: 200,
      body: { job: { status: 'cancelled', started_at: null, attempts: 0 } },
    });
    expect((await second.call('DELETE', `/jobs/${idOf(queued)}`)).status).toBe(409);
    await gate.open();
    for (const id of ids) await awaitJob(id);
    // Jobs start in order: the cancelled one would have run before this.
    expect((await exec(`ls ${path}`)).field('execution.success')).toBe(false);
  });

  it('a job that two callers wait for is not withdrawn when one stops waiting', async () => {
    const { gate, ids } = await occupyWorkers();
    const key = { 'Idempotency-Key': 'two wait' };
    const patient = second.call('POST', `/containers/${container}/exec`, { command: 'echo both' }, key);
    await until(async () => JSON.stringify((await second.call('GET', '/jobs?status=queued')).field('jobs')).includes('container.exec'));
    expect(await exec('echo both', { ...key, Prefer: 'wait=1' })).toMatchObject({
      status: 408,
      body: { error: { job: { status: 'queued' } } },
    });
    await gate.open();
    expect((await patient).field('execution.stdout')).toBe('both\n');
    for (const id of ids) await awaitJob(id);
  });

  it('returns 503 above MAX_QUEUE, and never runs what it refused', async () => {
    const { gate, ids } = await occupyWorkers();
    const path = uniquePath();
    const answers = await Promise.all(Array.from({ length: maxQueue + 5 }, (_, index) => exec(`echo ${index} >>${path}`, detached)));
    await gate.open();
    const refused = answers.filter(({ status }) => status === 503);
    const accepted = answers.filter(({ status }) => status === 202);
    expect(refused.length + accepted.length).toBe(answers.length);
    expect(accepted.length).toBeLessThanOrEqual(maxQueue);
    expect(refused[0]?.headers.get('Retry-After')).toMatch(/^\d+$/);
    expect(refused[0]?.body).toMatchObject({
      error: { type: 'ServiceUnavailableError', message: expect.stringContaining(`MAX_QUEUE=${maxQueue}`) },
    });
    for (const id of [...ids, ...accepted.map(idOf)]) await awaitJob(id);
    expect((await exec(`wc -l <${path}`)).field('execution.stdout')).toBe(`${accepted.length}\n`);
  });

  it('returns 503 above MAX_QUEUE_BYTES for a large input, and takes small ones', async () => {
    const { gate, ids } = await occupyWorkers();
    const first = await sendStdin(megabyte);
    expect(first.status).toBe(202);
    const refused = await sendStdin(megabyte);
    expect(refused.status).toBe(503);
    expect(refused.field('error.message')).toContain('MAX_QUEUE_BYTES');
    const small = await sendStdin('x');
    expect(small.status).toBe(202);
    await gate.open();
    for (const id of [...ids, idOf(first), idOf(small)]) await awaitJob(id);
    const later = await sendStdin(megabyte);
    expect(later.status).toBe(202);
    await awaitJob(idOf(later));
  });

  it('returns 413 for an input that MAX_QUEUE_BYTES never lets in', async () => {
    expect((await sendStdin(megabyte.repeat(3))).status).toBe(413);
  });
});

describe('DELETE /jobs/:id', () => {
  it('ends a running command in its container, and returns 409 to the caller who waits', async () => {
    const sleep = `sleep ${randomInt(1_000_000, 9_000_000)}`;
    const running = exec(`echo started; exec ${sleep}`);
    await until(async () => String((await exec('ps')).field('execution.stdout')).includes(sleep));
    const jobs = (await second.call('GET', `/jobs?status=running&container=${container}`)).field('jobs');
    const id = Array.isArray(jobs) ? String(jobs[0]?.id) : '';
    expect(await second.call('DELETE', `/jobs/${id}`)).toMatchObject({ status: 200, body: { job: { status: 'cancelled' } } });
    expect(await running).toMatchObject({
      status: 409,
      body: { error: { type: 'ConflictError', job: { status: 'cancelled' }, execution: { exit_code: null, stdout: 'started\n' } } },
    });
    expect((await exec('ps')).field('execution.stdout')).not.toContain(sleep);
  });

  it('ends a command that podman is still starting', () => cancelStartingExecs(service.call, container, 2));

  it('leaves no container of a create that podman was still running', () => cancelStartingCreates(service.call, 3));
});

describe('GET /jobs', () => {
  it('lists, filters and pages jobs', async () => {
    for (let index = 0; index < 5; index += 1) await exec(`exit ${index}`);
    const first = await second.call('GET', `/jobs?operation=container.exec&status=succeeded&container=${container}&limit=2`);
    expect(first.body).toMatchObject({ jobs: [{ operation: 'container.exec', container }, { status: 'succeeded' }] });
    const cursor = encodeURIComponent(String(first.field('cursor')));
    const next = await second.call('GET', `/jobs?operation=container.exec&limit=2&cursor=${cursor}`);
    const idsOf = (jobs: unknown) => (Array.isArray(jobs) ? jobs.map(({ id }) => String(id)) : []);
    const [firstIds, nextIds] = [first, next].map(page => idsOf(page.field('jobs')));
    expect(nextIds).toHaveLength(2);
    expect(nextIds?.filter(id => firstIds?.includes(id))).toEqual([]);
    // The last job that was read may be another token's: a cursor does not show its id.
    expect(Buffer.from(String(first.field('cursor')), 'base64url').toString('latin1')).not.toContain(String(firstIds?.at(-1)));
    expect((await second.call('GET', '/jobs?node=elsewhere')).body).toMatchObject({ jobs: [], cursor: null });
  });

  it('returns 400 that names each wrong field of the query', async () => {
    expect((await second.call('GET', '/jobs?status=sleeping&limit=0&colour=red')).body).toMatchObject({
      error: { details: [{ path: 'status' }, { path: 'limit' }, { path: 'colour' }] },
    });
  });
});
