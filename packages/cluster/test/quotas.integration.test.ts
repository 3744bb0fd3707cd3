import { randomBytes } from 'node:crypto';
import { toApiError } from '@podman-api/errors';
import { newJobId } from '@podman-api/jobs';
import { startRedis, type TestRedis, until } from '@podman-api/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HeartbeatPublisher, startHeartbeatPublisher } from '../src/heartbeats/heartbeat.ts';
import { createNodeManager } from '../src/heartbeats/manage-nodes.ts';
import { type NodeAllocations, openNodeAllocations, readQuotaUsage } from '../src/quotas/node-allocations.ts';
import type { Quotas } from '../src/quotas/quotas.ts';
import { connectFleet, create, type TestFleet } from './fleet-service.ts';
import { createWorkerReport } from './worker-report.ts';

let server: TestRedis;
/** Two API processes. */
let first: TestFleet;
let second: TestFleet;
let allocations: NodeAllocations;
/** Heartbeats of the node a, which accepts jobs and runs none. */
let heartbeat: HeartbeatPublisher;
beforeAll(async () => {
  server = await startRedis();
  [first, second] = await Promise.all([connectFleet(server.url), connectFleet(server.url)]);
  heartbeat = startHeartbeatPublisher(first.redis, () => createWorkerReport({ id: 'worker-a', node: 'a' }));
  allocations = openNodeAllocations({ redis: first.redis, readState: first.jobs.readState }, 'a');
  await until(() => [first, second].every(({ fleet }) => fleet.canTakeJobs('a')));
});
afterAll(async () => {
  await heartbeat.stop();
  for (const service of [first, second]) service.stop();
  await server.stop();
});

const newToken = () => `t-${randomBytes(5).toString('hex')}`;
const usageOf = (token: string) => readQuotaUsage(first.redis, token);
const noResources = { memory: 0, cpus: 0 };

/** Submits a create. @returns the id of the job, its status (`refused` if no job was added) and its error */
async function submit(token: string, quotas: Quotas, { service = first, resources = noResources, key = '' } = {}) {
  const idempotency = key === '' ? undefined : { key, request: key };
  const call = { request_id: 'test', token, type: create, input: {}, quotas, resources, idempotency, isDetached: true };
  try {
    const { id } = await service.dispatcher.runOnNode({ ...call, startWait: () => new AbortController().signal }, 'a');
    const job = await service.jobs.read(id);
    return { id, status: job?.status, error: job?.outcome?.error };
  } catch (error) {
    return { id: '', status: 'refused', error: toApiError(error).toJSON() };
  }
}

describe('max_containers', () => {
  it('admits exactly as many of 200 simultaneous creates through two API processes', async () => {
    const token = newToken();
    const services = Array.from({ length: 200 }, (_, index) => (index % 2 === 0 ? first : second));
    const jobs = await Promise.all(services.map(service => submit(token, { max_containers: 10 }, { service })));
    // If adding a job takes more than ten seconds, because this process gets no CPU, it is withdrawn, and another one takes its place.
    const statuses = await Promise.all(jobs.map(async ({ id, status }) => (id === '' ? status : (await first.jobs.read(id))?.status)));
    expect(statuses.filter(status => status === 'queued')).toHaveLength(10);
    expect(statuses.filter(status => status === 'refused' || status === 'withdrawn')).toHaveLength(190);
    expect(await usageOf(token)).toMatchObject({ containers: 10 });
    expect(jobs.find(({ error }) => error)?.error).toMatchObject({
      type: 'ForbiddenError',
      message: `The quota max_containers=10 of the token ${token} is used up: the token has 10 containers. Remove one, or ask for a larger quota.`,
    });
    for (const { id } of jobs) if (id !== '') await first.jobs.cancel(id);
    expect(await usageOf(token)).toMatchObject({ containers: 0 });
  });

  it('counts a create that is repeated with its Idempotency-Key once', async () => {
    const token = newToken();
    const repeated = { key: token };
    const one = await submit(token, { max_containers: 1 }, repeated);
    const other = await submit(token, { max_containers: 1 }, { ...repeated, service: second });
    expect([other.id, one.status, other.status]).toEqual([one.id, 'queued', 'queued']);
    expect(await usageOf(token)).toMatchObject({ containers: 1 });
    // A refusal is the answer to each repetition too.
    const refused = await submit(token, { max_containers: 1 }, { key: `${token} refused` });
    await first.jobs.cancel(one.id);
    expect(await submit(token, { max_containers: 1 }, { key: `${token} refused` })).toEqual({ ...refused, status: 'failed' });
  });

  it('counts neither a job that failed nor one that was added incompletely', async () => {
    const token = newToken();
    const { id } = await submit(token, { max_containers: 1 });
    // The process that has ended it died before it could release anything.
    await first.redis.hset(`podman-api:job:{a}${id.slice(1)}`, { status: 'failed', finished_at: new Date().toISOString() });
    expect((await submit(token, { max_containers: 1 })).status).toBe('queued');

    const job = newJobId('a', 'commands', Date.now() - 11_000);
    await allocations.put({ job, token, ...noResources });
    await allocations.releaseIfStale(job);
    expect(await usageOf(token)).toMatchObject({ containers: 1 });
  });

  it('counts a container until it is removed, also if its job has succeeded or its outcome is unknown', async () => {
    const token = newToken();
    const { id } = await submit(token, { max_containers: 1 });
    for (const status of ['succeeded', 'unknown', 'running']) {
      await first.redis.hset(`podman-api:job:{a}${id.slice(1)}`, { status, finished_at: new Date().toISOString() });
      await allocations.releaseIfStale(id);
      expect((await submit(token, { max_containers: 1 })).status).toBe('refused');
    }
    await allocations.release(id);
    expect((await submit(token, { max_containers: 1 })).status).toBe('queued');
  });

  it('does not count the containers of a node that was forgotten', async () => {
    const token = newToken();
    const job = newJobId('gone', 'commands');
    await openNodeAllocations({ redis: first.redis, readState: first.jobs.readState }, 'gone').put({ job, token, ...noResources });
    expect(await usageOf(token)).toMatchObject({ containers: 1 });
    await createNodeManager(first.redis, first.fleet).forget('gone');
    expect(await usageOf(token)).toMatchObject({ containers: 0 });
  });
});

describe('max_memory and max_cpus', () => {
  it('refuse what exceeds the sum over all containers, and name the field', async () => {
    const token = newToken();
    const quotas = { max_memory: 1000, max_cpus: 0.3 };
    expect((await submit(token, quotas, { resources: { memory: 600, cpus: 0.1 } })).status).toBe('queued');
    const message = `The quota max_memory=1000 of the token ${token} does not allow 401 bytes more: 600 bytes are in use. Ask for less memory, or remove a container.`;
    expect((await submit(token, quotas, { resources: { memory: 401, cpus: 0.1 } })).error).toEqual({
      type: 'ForbiddenError',
      code: 403,
      message,
      details: [{ path: 'memory', message }],
    });
    expect((await submit(token, quotas, { resources: { memory: 400, cpus: 0.21 } })).error).toMatchObject({
      message: expect.stringContaining('does not allow 0.21 CPUs more: 0.1 CPUs are in use'),
    });
    // 0.1 + 0.2 is more than 0.3 as a floating-point number.
    expect((await submit(token, quotas, { resources: { memory: 400, cpus: 0.2 } })).status).toBe('queued');
    expect(await usageOf(token)).toEqual({ containers: 2, memory: 1000, cpus: 0.3, running_jobs: 0 });
  });
});

describe('max_running_jobs', () => {
  it('counts a job until it has ended, however it ends', async () => {
    const token = newToken();
    const quotas = { max_running_jobs: 1 };
    const { id } = await submit(token, quotas);
    expect((await submit(token, quotas)).error).toMatchObject({ message: expect.stringContaining('is used up: 1 jobs have not ended') });
    await first.jobs.cancel(id);
    expect(await usageOf(token)).toMatchObject({ running_jobs: 0 });
    const next = await submit(token, quotas);
    // The process that has ended it died before it could release anything.
    await first.redis.hset(`podman-api:job:{a}${next.id.slice(1)}`, { status: 'succeeded', finished_at: new Date().toISOString() });
    expect((await submit(token, quotas)).status).toBe('queued');
  });

  it('finds an ended job behind many older ones that run', async () => {
    const token = newToken();
    const quotas = { max_running_jobs: 30 };
    const jobs: string[] = [];
    for (let count = 0; count < 30; count += 1) jobs.push((await submit(token, quotas)).id);
    expect((await submit(token, quotas)).status).toBe('refused');
    const [newest = ''] = jobs.slice(-1);
    await first.redis.hset(`podman-api:job:{a}${newest.slice(1)}`, { status: 'succeeded', finished_at: new Date().toISOString() });
    await until(async () => (await submit(token, quotas)).status === 'queued');
    expect((await submit(token, quotas)).status).toBe('refused');
  });

  it('does not count a job that was not added', async () => {
    const token = newToken();
    const call = { request_id: 'test', token, type: create, input: {}, quotas: { max_running_jobs: 1 }, resources: noResources };
    const startWait = () => new AbortController().signal;
    await expect(first.dispatcher.runOnNode({ ...call, startWait }, 'unknown')).rejects.toMatchObject({ status: 503 });
    expect(await usageOf(token)).toEqual({ containers: 0, memory: 0, cpus: 0, running_jobs: 0 });
  });
});
