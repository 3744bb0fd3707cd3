import { images, type Service, startApi, startService, type TestApi, testPodman, until } from '@podman-api/testing';
import { ownName, startContainer } from '@podman-api/testing/containers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let service: Service;
/** The same service by its second API process. */
let second: TestApi;
let name: string;
beforeAll(async () => {
  service = await startService({ MAX_WORKERS: '2', RESULT_TTL: '8', MAX_QUEUE: '20' });
  second = await startApi(service.env);
  name = await startContainer(images.plain);
});
afterAll(async () => {
  await second.api.end();
  await service.stop();
});

const exec = (command: string, headers: Record<string, string> = {}, rest: object = {}) =>
  service.call('POST', `/containers/${name}/exec`, { command, ...rest }, headers);
const later = { Prefer: 'respond-async' };
const idOf = (answer: { field(path: string): unknown }) => String(answer.field('job_id'));
const job = async (id: string, query = '') => (await second.call('GET', `/jobs/${id}${query}`)).field('job');

describe('Prefer', () => {
  test('respond-async answers at once, and the result is read at the job, from any API process', async () => {
    const accepted = await exec('sleep 0.3; echo done', later);
    expect(accepted).toMatchObject({ status: 202, body: { success: true, job: { operation: 'container.exec', container: name } } });
    expect(accepted.headers.get('Preference-Applied')).toBe('respond-async');
    expect(accepted.headers.get('Location')).toBe(`/api/v1/jobs/${idOf(accepted)}`);
    expect(await job(idOf(accepted), '?wait=10')).toMatchObject({ status: 'succeeded', result: { exit_code: 0, output: 'done\n' } });
  });

  test('wait=N shortens the wait, and what runs goes on', async () => {
    const answer = await exec('sleep 2; echo done', { Prefer: 'wait=1' });
    expect(answer).toMatchObject({ status: 408, body: { error: { type: 'TimeoutError', job: { status: 'running' } } } });
    expect(answer.headers.get('Preference-Applied')).toBe('wait=1');
    expect(await job(idOf(answer), '?wait=10')).toMatchObject({ status: 'succeeded', result: { output: 'done\n' } });
  });

  test('both together: a result where it comes in time, else a 202', async () => {
    expect((await exec('echo quick', { Prefer: 'respond-async, wait=10' })).body).toMatchObject({ execution: { stdout: 'quick\n' } });
    const accepted = await exec('sleep 2', { Prefer: 'respond-async, wait=1' });
    expect(accepted.status).toBe(202);
    await job(idOf(accepted), '?wait=10');
  });

  test('a wait of nothing ends at once, with a key and without', async () => {
    for (const headers of [{}, { 'Idempotency-Key': 'nothing' }]) {
      const waited = await exec('sleep 3', { ...headers, Prefer: 'wait=0' });
      expect(waited).toMatchObject({ status: 408, body: { error: { job: { status: expect.stringMatching(/withdrawn|running/) } } } });
    }
    const accepted = await exec('sleep 3', { Prefer: 'respond-async, wait=0' });
    expect(accepted).toMatchObject({ status: 202, body: { job: { status: expect.stringMatching(/queued|running/) } } });
    expect((await second.call('DELETE', `/jobs/${idOf(accepted)}`)).status).toBe(200);
  });
});

describe('Idempotency-Key', () => {
  test('a hundred requests with one key over two API processes make one container and get one answer', async () => {
    const own = ownName();
    const body = { image: images.plain, name: own, command: 'sleep 300' };
    const key = { 'Idempotency-Key': `create ${own}` };
    const calls = Array.from({ length: 100 }, (_, index) => (index % 2 ? second.call : service.call)('POST', '/containers', body, key));
    const answers = await Promise.all(calls);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(answers.map(idOf)).size).toBe(1);
    expect(new Set(answers.map(answer => answer.field('container.id'))).size).toBe(1);
    expect(await second.call('POST', '/containers', { ...body, command: 'sleep 301' }, key)).toMatchObject({
      status: 422,
      body: { error: { type: 'IdempotencyError' } },
    });
  });

  test('runs a command once, gives its answer again, and is free after RESULT_TTL', async () => {
    const key = { 'Idempotency-Key': 'count' };
    const first = await exec('echo x >>/count; wc -l </count', key);
    expect(first.field('execution.stdout')).toBe('1\n');
    const again = await second.call('POST', `/containers/${name}/exec`, { command: 'echo x >>/count; wc -l </count' }, key);
    expect(again.body).toMatchObject({ execution: first.field('execution'), job_id: first.field('job_id') });
    await until(async () => (await exec('echo x >>/count; wc -l </count', key)).field('execution.stdout') === '2\n');
  });

  test('a key that is none is a 400', async () => {
    expect((await exec('true', { 'Idempotency-Key': 'x'.repeat(256) })).body).toMatchObject({
      error: { type: 'ValidationError', details: [{ path: 'Idempotency-Key' }] },
    });
  });
});

describe('with both workers busy', () => {
  const gate = (file: string) => exec(`until [ -e ${file} ]; do sleep 0.1; done`, later);
  const open = async (file: string) => {
    await testPodman().run(['exec', '--', name, 'touch', file]);
  };
  const busy = async (file: string) => {
    const jobs = [await gate(file), await gate(file)].map(idOf);
    await until(async () => (await Promise.all(jobs.map(id => job(id)))).every(view => JSON.stringify(view).includes('"running"')));
    return jobs;
  };

  test('a queued job is cancelled and never runs; one that several wait for goes on for those who still do', async () => {
    const jobs = await busy('/open1');
    const queued = await exec('touch /cancelled', later);
    expect(await second.call('DELETE', `/jobs/${idOf(queued)}`)).toMatchObject({
      status: 200,
      body: { job: { status: 'cancelled', started_at: null, attempts: 0 } },
    });
    expect((await second.call('DELETE', `/jobs/${idOf(queued)}`)).status).toBe(409);

    const key = { 'Idempotency-Key': 'two wait' };
    const patient = second.call('POST', `/containers/${name}/exec`, { command: 'echo both' }, key);
    await until(async () => JSON.stringify((await second.call('GET', '/jobs?status=queued')).field('jobs')).includes('container.exec'));
    expect(await exec('echo both', { ...key, Prefer: 'wait=1' })).toMatchObject({
      status: 408,
      body: { error: { job: { status: 'queued' } } },
    });
    await open('/open1');
    expect((await patient).field('execution.stdout')).toBe('both\n');
    await Promise.all(jobs.map(id => job(id, '?wait=10')));
    expect((await exec('ls /cancelled')).field('execution.success')).toBe(false);
  });

  test('a full queue is a 503, and nothing of it runs', async () => {
    const jobs = await busy('/open2');
    const answers = await Promise.all(Array.from({ length: 25 }, (_, index) => exec(`echo ${index} >>/filled`, later)));
    const full = answers.filter(({ status }) => status === 503);
    const taken = answers.filter(({ status }) => status === 202);
    await open('/open2');
    expect(full.length + taken.length).toBe(25);
    expect(taken.length).toBeLessThanOrEqual(20);
    expect(full[0]?.headers.get('Retry-After')).toMatch(/^\d+$/);
    expect(full[0]?.body).toMatchObject({ error: { type: 'ServiceUnavailableError', message: expect.stringContaining('MAX_QUEUE=20') } });
    await Promise.all([...jobs, ...taken.map(idOf)].map(id => job(id, '?wait=30')));
    expect((await exec('wc -l </filled')).field('execution.stdout')).toBe(`${taken.length}\n`);
  });
});

test('a running job is cancelled in its container too, and its caller told', async () => {
  const running = exec('echo begun; exec sleep 4321');
  const id = await until(async () => {
    const jobs = (await second.call('GET', `/jobs?status=running&container=${name}`)).field('jobs');
    return Array.isArray(jobs) && jobs.length > 0 ? String(jobs[0].id) : '';
  });
  await until(async () => String((await exec('ps')).field('execution.stdout')).includes('sleep 4321'));
  expect(await second.call('DELETE', `/jobs/${id}`)).toMatchObject({ status: 200, body: { job: { status: 'cancelled' } } });
  expect(await running).toMatchObject({
    status: 409,
    body: { error: { type: 'ConflictError', job: { status: 'cancelled' }, execution: { exit_code: null, stdout: 'begun\n' } } },
  });
  expect((await exec('ps')).field('execution.stdout')).not.toContain('sleep 4321');
});

test('a job that is cancelled while podman is still starting runs on nowhere', async () => {
  for (let round = 0; round < 4; round += 1) {
    const id = idOf(await exec('exec sleep 4322', later));
    await until(async () => JSON.stringify(await job(id)).includes('"running"'));
    expect(await second.call('DELETE', `/jobs/${id}`)).toMatchObject({ status: 200, body: { job: { status: 'cancelled' } } });
  }
  expect((await exec('ps')).field('execution.stdout')).not.toContain('sleep 4322');
});

test('a create that is cancelled while podman is at it leaves no container, or was done in time', async () => {
  for (let round = 0; round < 8; round += 1) {
    const own = ownName();
    const id = idOf(await service.call('POST', '/containers', { image: images.plain, name: own, command: 'sleep 300' }, later));
    await until(async () => JSON.stringify(await job(id)).includes('"running"'));
    const cancelled = (await second.call('DELETE', `/jobs/${id}`)).status === 200;
    expect(await job(id)).toMatchObject(cancelled ? { status: 'cancelled' } : { result: { id: expect.stringMatching(/^[0-9a-f]{12}$/) } });
    expect((await service.call('GET', `/containers/${own}`)).status).toBe(cancelled ? 404 : 200);
  }
});

test('jobs are listed, filtered and paged', async () => {
  for (let index = 0; index < 5; index += 1) await exec(`exit ${index}`);
  const first = await second.call('GET', `/jobs?operation=container.exec&status=succeeded&container=${name}&limit=2`);
  expect(first.body).toMatchObject({ jobs: [{ operation: 'container.exec', container: name }, { status: 'succeeded' }] });
  const cursor = encodeURIComponent(String(first.field('cursor')));
  const next = await second.call('GET', `/jobs?operation=container.exec&limit=2&cursor=${cursor}`);
  expect(JSON.stringify(next.field('jobs'))).not.toContain(String(first.field('cursor')));
  expect((await second.call('GET', '/jobs?node=elsewhere')).body).toMatchObject({ jobs: [], cursor: null });
  expect((await second.call('GET', '/jobs?status=sleeping&limit=0&colour=red')).body).toMatchObject({
    error: { details: [{ path: 'status' }, { path: 'limit' }, { path: 'colour' }] },
  });
});
