import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { createOutcome, newJobId } from '@podman-api/jobs';
import { startRedis, type TestRedis, until } from '@podman-api/testing';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { findEntries } from '../src/directory/find-entries.ts';
import { putEntry, removeEntry } from '../src/directory/node-directory.ts';
import { tryReserve } from '../src/directory/reservation.ts';
import type { DispatchContext, NodesWait } from '../src/dispatch/call.ts';
import { findContainers } from '../src/dispatch/find-containers.ts';
import { runOnNodes } from '../src/dispatch/run-on-nodes.ts';
import { type HeartbeatPublisher, startHeartbeatPublisher } from '../src/heartbeats/heartbeat.ts';
import { readReports } from '../src/heartbeats/read-reports.ts';
import { keys } from '../src/keys.ts';
import { connectFleet, create, find, maxQueue, type TestFleet } from './fleet-service.ts';
import { createWorkerReport } from './worker-report.ts';

let server: TestRedis;
let service: TestFleet;
/** Heartbeats of the nodes a and b, which accept jobs and run none. */
const heartbeats: HeartbeatPublisher[] = [];
beforeAll(async () => {
  server = await startRedis();
  service = await connectFleet(server.url);
  for (const node of ['a', 'b'])
    heartbeats.push(startHeartbeatPublisher(service.redis, () => createWorkerReport({ id: `worker-${node}`, node })));
  await until(() => service.fleet.canTakeJobs('a') && service.fleet.canTakeJobs('b'));
});
afterAll(async () => {
  await Promise.all(heartbeats.map(heartbeat => heartbeat.stop()));
  service.stop();
  await server.stop();
});

const newName = () => `q-${randomBytes(5).toString('hex')}`;
const newContainerId = () => randomBytes(6).toString('hex');
const requester = { request_id: 'test', token: null };
const recordKey = (node: string, job: string) => `podman-api:job:{${node}}${job.slice(node.length)}`;
const orphansKey = (node: string) => `podman-api:orphans:{${node}}`;
const statusOf = async (id: string) => (await service.jobs.read(id))?.status;

/** Submits a create with a name to a node. @returns the id of the job: queued if the name was free, failed otherwise */
async function createNamed(node: string, name: string): Promise<string> {
  const call = { ...requester, type: create, input: { name }, reservedName: name, isDetached: true };
  return (await service.dispatcher.runOnNode({ ...call, startWait: () => new AbortController().signal }, node)).id;
}

/** Recreates what an API process leaves behind if it dies right after reserving a name: the record of the job, and the reservation. */
async function createHalfAddedJob(node: string, name: string, ageMs: number): Promise<string> {
  const job = newJobId(node, 'commands', Date.now() - ageMs);
  expect(await tryReserve(service.redis, { name, node, job })).toBeUndefined();
  const submission = { ...requester, type: create, input: { name }, reservedName: name, isDetached: true };
  await service.jobs.submit({ id: job, node, claim: undefined }, submission, new AbortController().signal);
  for (const queue of service.jobs.queuesOf([node])) await queue.remove(job);
  return job;
}

describe('a reserved name', () => {
  it('is released if its API process died before it added the job', async () => {
    const name = newName();
    const job = await createHalfAddedJob('a', name, 11_000);
    expect(await statusOf(await createNamed('b', name))).toBe('queued');
    // A process that was only slow finds its job withdrawn.
    expect(await statusOf(job)).toBe('withdrawn');
  });

  it('is released also by a worker of the node', async () => {
    const name = newName();
    const job = await createHalfAddedJob('a', name, 11_000);
    expect(await service.directoryOf('a').releaseIfStale({ name, node: 'a', id: job })).toBe(true);
    expect(await findEntries(service.redis, name)).toEqual([]);
  });

  it('is kept while its API process may still add the job', async () => {
    const name = newName();
    // Created in ten minutes from now: however long the test takes, the time to add it has not passed.
    const job = await createHalfAddedJob('a', name, -600_000);
    expect(await statusOf(await createNamed('b', name))).toBe('failed');
    expect(await statusOf(job)).toBe('queued');
  });

  it('is kept after an unknown outcome until a worker of its node has recovered the job', async () => {
    const name = newName();
    const job = await createHalfAddedJob('gone', name, 60_000);
    const finished_at = new Date(Date.now() - 30_000).toISOString();
    await service.redis.hset(recordKey('gone', job), { status: 'unknown', finished_at });
    await service.redis.sadd(orphansKey('gone'), job);
    expect(await statusOf(await createNamed('b', name))).toBe('failed');
    await service.redis.del(recordKey('gone', job));
    expect(await statusOf(await createNamed('b', name))).toBe('failed');
    await service.redis.srem(orphansKey('gone'), job);
    expect(await statusOf(await createNamed('b', name))).toBe('queued');
  });

  it('is kept after a create that succeeded, although its worker could not record the container', async () => {
    const name = newName();
    const job = await createHalfAddedJob('a', name, 60_000);
    const finished_at = new Date(Date.now() - 10_000).toISOString();
    await service.redis.hset(recordKey('a', job), { status: 'succeeded', finished_at });
    expect(await statusOf(await createNamed('b', name))).toBe('failed');
  });

  it('lets a repeated create join its job while the queue of reads is full', async () => {
    const name = newName();
    const heartbeat = startHeartbeatPublisher(service.redis, () => createWorkerReport({ id: 'worker-c', node: 'c' }));
    onTestFinished(() => heartbeat.stop());
    await until(() => service.fleet.canTakeJobs('c'));
    const startWait = () => new AbortController().signal;
    const repeated = { ...requester, type: create, input: { name }, reservedName: name, isDetached: true, startWait };
    const idempotency = { key: name, request: name };
    const { id: job } = await service.dispatcher.runOnNode({ ...repeated, idempotency }, 'c');
    // The container has the name, as when the job ends while the request is on its way.
    await removeEntry(service.redis, { name, node: 'c', id: job });
    await putEntry(service.redis, { name, node: 'c', id: newContainerId() });
    const read = { ...requester, type: find, input: { name }, isDetached: true, startWait };
    for (let count = 0; count < maxQueue; count += 1) await service.dispatcher.runOnNode(read, 'c');
    expect((await service.dispatcher.runOnNode({ ...repeated, idempotency }, 'c')).id).toBe(job);
    await expect(service.dispatcher.runOnNode(repeated, 'c')).rejects.toMatchObject({ status: 503 });
  });

  it('is released if its job is cancelled', async () => {
    const name = newName();
    const job = await createNamed('a', name);
    expect(await findEntries(service.redis, name)).toMatchObject([{ id: job }]);
    await service.jobs.cancel(job);
    expect(await findEntries(service.redis, name)).toEqual([]);
  });

  it('is released if its job is rejected', async () => {
    const name = newName();
    const report = JSON.stringify({ id: 'full', node: 'full', stopping: true, podman: { working: true }, labels: {} });
    await service.redis.hset(keys.nodes, 'full', `1000 ${report}`);
    await service.fleet.refresh();
    // It has no worker that takes jobs.
    await expect(createNamed('full', name)).rejects.toMatchObject({ status: 503 });
    expect(await findEntries(service.redis, name)).toEqual([]);
    await service.redis.hdel(keys.nodes, 'full');
  });
});

describe('the directory of containers', () => {
  it('drops the old name of a renamed container', async () => {
    const [id, old, name] = [newContainerId(), newName(), newName()];
    const directory = service.directoryOf('a');
    await directory.put({ id, name: old });
    await directory.put({ id, name });
    expect(await findEntries(service.redis, old)).toEqual([]);
    expect(await findEntries(service.redis, id)).toEqual([{ id, name, node: 'a' }]);
    await removeEntry(service.redis, { id, name: old, node: 'a' });
    expect((await directory.read()).containers.get(id)).toEqual({ id, name, node: 'a' });
  });

  it('prefers a container to a reservation of its name or id', async () => {
    const [id, name] = [newContainerId(), newName()];
    const directory = service.directoryOf('b');
    await directory.put({ id, name: newName() });
    await createHalfAddedJob('a', id, 0);
    expect(await findEntries(service.redis, id)).toMatchObject([{ id, node: 'b' }]);
    await createHalfAddedJob('a', name, 0);
    expect(await findEntries(service.redis, name)).toMatchObject([{ name, node: 'a' }]);
    await directory.put({ id: newContainerId(), name });
    expect(await findEntries(service.redis, name)).toMatchObject([{ name, node: 'b' }]);
  });
});

describe('findContainers', () => {
  it('reports an offline node as unreachable for a name without an entry in the directory', async () => {
    const emptyServer = await startRedis();
    onTestFinished(() => emptyServer.stop());
    const { redis, fleet, jobs, stop } = await connectFleet(emptyServer.url);
    onTestFinished(stop);
    const report = JSON.stringify({ id: 'quiet', node: 'quiet', stopping: false, podman: { working: true }, labels: {} });
    for (const key of [keys.workers, keys.nodes]) await redis.hset(key, 'quiet', `1000 ${report}`);
    await fleet.refresh();
    expect(fleet.nodes.get('quiet')?.status).toBe('offline');
    const submitToNode = () => Promise.reject(new Error('no node takes jobs'));
    const context = { redis, fleet, jobs, findType: create, requestTimeoutMs: 15_000, submitToNode };
    expect(await findContainers(context, newName(), requester)).toEqual({ entries: [], unreachable: ['quiet'] });
  });
});

describe('runOnNodes', () => {
  /** Runs a read on the nodes a, which answers at once, and b, which answers when the wait for the read ends. */
  async function readOnBoth(wait: NodesWait) {
    const submitToNode: DispatchContext['submitToNode'] = async (_call, node, signal) => {
      const id = newJobId(node, 'reads', Date.now());
      const given = Promise.withResolvers<undefined>();
      signal.addEventListener('abort', () => given.resolve(undefined));
      return { id, hasEnded: false, outcome: node === 'a' ? Promise.resolve(createOutcome('succeeded', { result: [] })) : given.promise };
    };
    const context = { ...service, findType: find, requestTimeoutMs: 600_000, stragglerTimeoutMs: 100, submitToNode };
    const answers = await runOnNodes(context, { ...requester, type: find, input: {} }, ['a', 'b'], wait);
    return answers.map(({ node, outcome }) => [node, outcome?.status]);
  }

  it('stops waiting for nodes that have not answered some time after the first one', async () => {
    const never = new AbortController().signal;
    expect(await readOnBoth({ signal: never, limitsStragglers: true })).toEqual([
      ['a', 'succeeded'],
      ['b', undefined],
    ]);
  });

  it('waits until its signal is aborted otherwise', async () => {
    const controller = new AbortController();
    const reading = readOnBoth({ signal: controller.signal });
    expect(await Promise.race([reading, delay(500, 'waits')])).toBe('waits');
    controller.abort('over');
    expect(await reading).toEqual([
      ['a', 'succeeded'],
      ['b', undefined],
    ]);
  });
});

describe('a node', () => {
  it('is described by its latest report, not by one of a dead worker', async () => {
    const { redis } = service;
    const report = (id: string, zone: string) => JSON.stringify({ id, node: 'labelled', labels: { zone } });
    const reports = ['w1', 'w2', 'w3', 'w4'].map((id, index) => [id, `${[1001, 1004, 1003, 1002][index]} ${report(id, id)}`] as const);
    await redis.hset(keys.workers, Object.fromEntries(reports));
    await redis.hset(keys.nodes, 'labelled', reports[1]?.[1] ?? '');
    expect((await readReports(redis, undefined)).nodes.get('labelled')?.report.labels).toEqual({ zone: 'w2' });
    await redis.hdel(keys.workers, ...reports.map(([id]) => id));
    await redis.hdel(keys.nodes, 'labelled');
  });
});
