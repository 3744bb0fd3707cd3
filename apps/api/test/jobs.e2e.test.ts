import { randomInt } from 'node:crypto';
import { type CallResponse, images, until } from '@podman-api/testing';
import { uniqueContainerName } from '@podman-api/testing/containers';
import { describe, expect, it } from 'vitest';
import { detached } from './detached-jobs.ts';
import { createGate, uniquePath } from './gate.ts';
import { testCallbacks } from './jobs/callback-tests.ts';
import { cancelStartingCreates, cancelStartingExecs } from './jobs/cancel-rounds.ts';
import { testFairShare } from './jobs/fair-share-tests.ts';
import { jobIdOf, longWait, useJobService } from './jobs/job-service.ts';
import { testQueue } from './jobs/queue-tests.ts';
import { testRedisContents } from './jobs/redis-tests.ts';

const jobs = useJobService();
const { exec, getJob, awaitJob } = jobs;

describe('Prefer', () => {
  it('respond-async: returns 202 before the job ends; any API process returns the result', async () => {
    const gate = createGate(jobs.container);
    const accepted = await exec(`${gate.wait}; echo done`, detached);
    expect(accepted).toMatchObject({
      status: 202,
      body: { success: true, job: { operation: 'container.exec', container: jobs.container } },
    });
    expect(accepted.headers.get('Preference-Applied')).toBe('respond-async');
    expect(accepted.headers.get('Location')).toBe(`/api/v1/jobs/${jobIdOf(accepted)}`);
    await gate.open();
    expect(await awaitJob(jobIdOf(accepted))).toMatchObject({ status: 'succeeded', result: { exit_code: 0, output: 'done\n' } });
  });

  it('wait=N: returns 408 after N seconds, and a running job continues', async () => {
    const gate = createGate(jobs.container);
    const response = await waitUntilRunning(`${gate.wait}; echo done`);
    expect(response.headers.get('x-should-retry')).toBe('false');
    expect(response.headers.get('Location')).toBe(response.field('error.job.url'));
    await gate.open();
    expect(await awaitJob(jobIdOf(response))).toMatchObject({ status: 'succeeded', result: { output: 'done\n' } });
  });

  it('respond-async, wait=N: returns the result if the job ends in time, else 202', async () => {
    expect((await exec('echo quick', { Prefer: 'respond-async, wait=300' })).body).toMatchObject({ execution: { stdout: 'quick\n' } });
    const gate = createGate(jobs.container);
    const accepted = await exec(gate.wait, { Prefer: 'respond-async, wait=1' });
    expect(accepted.status).toBe(202);
    await gate.open();
    expect(await awaitJob(jobIdOf(accepted))).toMatchObject({ status: 'succeeded' });
  });

  it('wait=0: returns at once, with and without an Idempotency-Key', async () => {
    const gate = createGate(jobs.container);
    for (const headers of [{}, { 'Idempotency-Key': 'wait=0' }]) {
      const response = await exec(gate.wait, { ...headers, Prefer: 'wait=0' });
      expect(response).toMatchObject({ status: 408, body: { error: { job: { status: expect.stringMatching(/^(withdrawn|running)$/) } } } });
    }
    const accepted = await exec(gate.wait, { Prefer: 'respond-async, wait=0' });
    expect(accepted).toMatchObject({ status: 202, body: { job: { status: expect.stringMatching(/^(queued|running)$/) } } });
    await gate.open();
    expect(await awaitJob(jobIdOf(accepted))).toMatchObject({ status: 'succeeded' });
  });
});

/**
 * Sends a command that does not end, with `wait=1` and then longer waits, until the job starts within one: a busy machine may need
 * more than a second. A job that has not started must be withdrawn.
 * @returns the 408 of the running job
 */
async function waitUntilRunning(command: string): Promise<CallResponse> {
  for (let wait = 1; ; wait *= 2) {
    const response = await exec(command, { Prefer: `wait=${wait}` });
    expect(response).toMatchObject({ status: 408, body: { error: { type: 'TimeoutError' } } });
    expect(response.headers.get('Preference-Applied')).toBe(`wait=${wait}`);
    const status = response.field('error.job.status');
    expect(await getJob(jobIdOf(response))).toMatchObject({ status });
    if (status === 'running') return response;
    expect(status).toBe('withdrawn');
  }
}

describe('Idempotency-Key', () => {
  it('makes one container for a hundred requests over two API processes, and returns 422 for another body', async () => {
    const name = uniqueContainerName();
    const body = { image: images.plain, name, network: 'none', command: 'sleep 300' };
    const key = { 'Idempotency-Key': `create ${name}`, ...longWait };
    const calls = Array.from({ length: 100 }, (_, index) =>
      (index % 2 ? jobs.second : jobs.service).call('POST', '/containers', body, key),
    );
    const responses = await Promise.all(calls);
    expect(responses.filter(({ status }) => status !== 201).map(({ body }) => body)).toEqual([]);
    expect(new Set(responses.map(jobIdOf)).size).toBe(1);
    expect(new Set(responses.map(response => response.field('container.id'))).size).toBe(1);
    expect(await jobs.second.call('POST', '/containers', { ...body, command: 'sleep 301' }, key)).toMatchObject({
      status: 422,
      body: { error: { type: 'IdempotencyError' } },
    });
  });

  it('runs a command once and returns its response again', async () => {
    const key = { 'Idempotency-Key': 'count' };
    const path = uniquePath();
    const command = `echo x >>${path}; wc -l <${path}`;
    const first = await exec(command, key);
    expect(first.field('execution.stdout')).toBe('1\n');
    const again = await jobs.second.call('POST', `/containers/${jobs.container}/exec`, { command }, { ...key, ...longWait });
    expect(again.body).toMatchObject({ execution: first.field('execution'), job_id: jobIdOf(first) });
  });

  it('returns 400 for a key that is too long', async () => {
    expect((await exec('true', { 'Idempotency-Key': 'x'.repeat(256) })).body).toMatchObject({
      error: { type: 'ValidationError', details: [{ path: 'Idempotency-Key' }] },
    });
  });
});

testQueue(jobs);

describe('DELETE /jobs/:id', () => {
  it('ends a running command in its container, and returns 409 to the caller who waits', async () => {
    const sleep = `sleep ${randomInt(1_000_000, 9_000_000)}`;
    const command = `echo started; exec ${sleep}`;
    const running = jobs.second.call('POST', `/containers/${jobs.container}/exec`, { command }, longWait);
    await until(async () => String((await exec('ps')).field('execution.stdout')).includes(sleep));
    const listed = (await jobs.second.call('GET', `/jobs?status=running&container=${jobs.container}`)).field('jobs');
    const id = Array.isArray(listed) ? String(listed[0]?.id) : '';
    expect(await jobs.service.call('DELETE', `/jobs/${id}`)).toMatchObject({ status: 200, body: { job: { status: 'cancelled' } } });
    expect(await running).toMatchObject({
      status: 409,
      body: { error: { type: 'ConflictError', job: { status: 'cancelled' }, execution: { exit_code: null, stdout: 'started\n' } } },
    });
    expect((await exec('ps')).field('execution.stdout')).not.toContain(sleep);
  });

  it('ends a command that podman is still starting', () => cancelStartingExecs(jobs.service.call, jobs.container, 2));

  it('leaves no container of a create that podman was still running', () => cancelStartingCreates(jobs.service.call, 2));
});

describe('GET /jobs/:id', () => {
  it('returns 404 for a job that does not exist', async () => {
    const { call, env } = jobs.service;
    for (const id of ['nothing', `${env['NODE_NAME']}_00000000000000000000`, 'meta', '%00']) {
      expect(await call('GET', `/jobs/${id}`)).toMatchObject({ status: 404, body: { error: { type: 'NotFoundError' } } });
    }
  });
});

describe('GET /jobs', () => {
  it('lists, filters and pages jobs', async () => {
    for (let index = 0; index < 5; index += 1) await exec(`exit ${index}`);
    const first = await jobs.second.call('GET', `/jobs?operation=container.exec&status=succeeded&container=${jobs.container}&limit=2`);
    expect(first.body).toMatchObject({ jobs: [{ operation: 'container.exec', container: jobs.container }, { status: 'succeeded' }] });
    const cursor = encodeURIComponent(String(first.field('cursor')));
    const next = await jobs.second.call('GET', `/jobs?operation=container.exec&limit=2&cursor=${cursor}`);
    const idsOf = (page: unknown) => (Array.isArray(page) ? page.map(({ id }) => String(id)) : []);
    const [firstIds, nextIds] = [first, next].map(page => idsOf(page.field('jobs')));
    expect(nextIds).toHaveLength(2);
    expect(nextIds?.filter(id => firstIds?.includes(id))).toEqual([]);
    // The last job that was read may be another token's: a cursor does not show its id.
    expect(Buffer.from(String(first.field('cursor')), 'base64url').toString('latin1')).not.toContain(String(firstIds?.at(-1)));
    expect((await jobs.second.call('GET', '/jobs?node=elsewhere')).body).toMatchObject({ jobs: [], cursor: null });
  });

  it('returns 400 that names each wrong field of the query', async () => {
    expect((await jobs.second.call('GET', '/jobs?status=sleeping&limit=0&colour=red')).body).toMatchObject({
      error: { details: [{ path: 'status' }, { path: 'limit' }, { path: 'colour' }] },
    });
  });
});

testCallbacks(jobs);
testRedisContents(jobs);
// Last: it creates tokens, which all requests need from then on.
testFairShare(jobs);
