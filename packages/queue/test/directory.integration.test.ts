import { randomBytes } from 'node:crypto';
import { findTask } from '@podman-api/operations';
import { readConfig } from '@podman-api/runtime';
import { startRedis, type TestRedis } from '@podman-api/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claim } from '../src/client/claim.ts';
import { createQueueClient, type QueueClient } from '../src/client/client.ts';
import type { Request } from '../src/client/new-job.ts';
import { tidyJobs } from '../src/client/tidy-jobs.ts';
import { claimName } from '../src/directory/claim-name.ts';
import { findEntries } from '../src/directory/find.ts';
import { openShelf } from '../src/directory/shelf.ts';
import { dropEntry } from '../src/directory/stale.ts';
import { keys, newJobId } from '../src/names.ts';
import { readReports } from '../src/nodes/read-reports.ts';
import { enter } from '../src/record/enter.ts';
import { patientRedis, type RedisClient } from '../src/redis.ts';
import { createSeal } from '../src/seal.ts';
import { createTally } from '../src/tally/tally.ts';

const resultTtl = 3600;
const secretKeys = ['a secret of these tests'] as const;
const seal = createSeal(secretKeys);
let server: TestRedis;
let redis: RedisClient;
let client: QueueClient;
beforeAll(async () => {
  server = await startRedis();
  const redisAddress = readConfig({ REDIS_URL: server.url }, ['REDIS_URL']).REDIS_URL;
  redis = patientRedis(redisAddress);
  client = createQueueClient({
    redisAddress,
    secretKeys,
    resultTtl,
    maxQueue: 100,
    maxQueueBytes: 1_000_000,
    outputSpace: 0,
    onEnd: () => {},
    onWarning: () => {},
  });
  await client.fleet.ready;
});
afterAll(async () => {
  await client.close();
  redis.disconnect();
  await server.stop();
});

const newName = () => `q-${randomBytes(5).toString('hex')}`;
const newId = () => randomBytes(6).toString('hex');
const create = () => {
  const task = findTask('container.create');
  if (!task) throw new Error('nothing makes containers');
  return task;
};
const submit = (node: string, name: string, more: Partial<Request> = {}) =>
  client.submit(
    create(),
    { image: 'localhost/x', name },
    { node, request_id: 'test', token: null, detached: true, ...more },
    new AbortController().signal,
  );
const statusOf = async (id: string) => (await client.view(id))?.status;
const shelf = (node: string) => openShelf({ redis, seal, tally: createTally(async () => {}), resultTtl, onEnd: () => {} }, node);

/** Leaves what a process does that dies after it has claimed a name: the job's record, and the claim. */
async function leaveHalfMade(node: string, name: string, ago: number): Promise<string> {
  const job = newJobId(node, 'commands', Date.now() - ago);
  const birth = { operation: 'container.create', container: name, node, request_id: 'test', token: null, changes: true };
  const data = { ...birth, created_at: new Date().toISOString(), input: {}, sealed: [], signature: '' };
  const waiting = keys.record(`${job}-waiting`);
  await enter(redis, {
    id: job,
    data,
    sealed: undefined,
    channel: undefined,
    waiter: undefined,
    waiting,
    room: 1,
    inputBytes: 0,
    maxQueueBytes: 0,
    resultTtl,
  });
  expect(await claimName(redis, { name, node, job })).toBeUndefined();
  return job;
}

describe('directory of containers', () => {
  it('returns the first job, on its node, for the same Idempotency-Key', async () => {
    const name = newName();
    const idempotency = { key: name, request: name };
    const first = await submit('key-a', name, { idempotency });
    const second = await submit('key-b', name, { idempotency });
    expect(second.id).toBe(first.id);
    expect(await statusOf(first.id)).toBe('queued');
    expect(await client.waiting(['key-a', 'key-b'])).toEqual([1, 0]);
  });

  it('completes the job of a first request that died after it had claimed its Idempotency-Key', async () => {
    const name = newName();
    const idempotency = { key: name, request: name };
    const first = newJobId('half-a', 'commands');
    await claim(redis, idempotency, seal, first, resultTtl);
    expect((await submit('half-b', name, { idempotency })).id).toBe(first);
    expect(await client.view(first)).toMatchObject({ status: 'queued', node: 'half-a' });
    expect(await client.waiting(['half-a', 'half-b'])).toEqual([1, 0]);
  });

  it('starts a new job for an Idempotency-Key whose job has just expired', async () => {
    const name = newName();
    const idempotency = { key: name, request: name };
    const expired = newJobId('expired', 'commands');
    const { place } = await claim(redis, idempotency, seal, expired, resultTtl);
    // The end of a job shortens its claim; the record is gone a moment before it.
    await redis.expire(place, resultTtl);
    const { id } = await submit('expired', name, { idempotency });
    expect(id).not.toBe(expired);
    expect(await statusOf(id)).toBe('queued');
    expect((await submit('expired', name, { idempotency })).id).toBe(id);
  });

  it('frees a name whose claimer died before it added its job', async () => {
    const name = newName();
    const job = await leaveHalfMade('a', name, 11_000);
    expect(await statusOf((await submit('b', name)).id)).toBe('queued');
    // Were it only slow, its job would not run any more.
    expect(await statusOf(job)).toBe('withdrawn');
  });

  it('frees such a name when a worker of the node looks first', async () => {
    const name = newName();
    const job = await leaveHalfMade('a', name, 11_000);
    expect(await shelf('a').giveBackIfStale({ name, node: 'a', id: job })).toBe(true);
    expect(await findEntries(redis, name)).toEqual([]);
  });

  it('keeps a name whose claimer may still add its job', async () => {
    const name = newName();
    const job = await leaveHalfMade('a', name, 1000);
    expect(await statusOf((await submit('b', name)).id)).toBe('failed');
    expect(await statusOf(job)).toBe('queued');
  });

  it('keeps the name of a create with an unknown outcome until a worker of its node has looked', async () => {
    const name = newName();
    const job = await leaveHalfMade('gone', name, 60_000);
    await redis.hset(keys.record(job), { status: 'unknown', finished_at: new Date(Date.now() - 30_000).toISOString() });
    await redis.sadd(keys.orphans('gone'), job);
    expect(await statusOf((await submit('b', name)).id)).toBe('failed');
    await redis.del(keys.record(job));
    expect(await statusOf((await submit('b', name)).id)).toBe('failed');
    await redis.srem(keys.orphans('gone'), job);
    expect(await statusOf((await submit('b', name)).id)).toBe('queued');
  });

  it('keeps the name of a create that succeeded, although its worker could not record the container', async () => {
    const name = newName();
    const job = await leaveHalfMade('a', name, 60_000);
    await redis.hset(keys.record(job), { status: 'succeeded', finished_at: new Date(Date.now() - 10_000).toISOString() });
    expect(await statusOf((await submit('b', name)).id)).toBe('failed');
  });

  it('drops the old name of a renamed container', async () => {
    const [id, old, name] = [newId(), newName(), newName()];
    await shelf('a').put({ id, name: old });
    await shelf('a').put({ id, name });
    expect(await findEntries(redis, old)).toEqual([]);
    expect(await findEntries(redis, id)).toEqual([{ id, name, node: 'a' }]);
    await dropEntry(redis, { id, name: old, node: 'a' });
    expect((await shelf('a').read()).containers.get(id)).toEqual({ id, name, node: 'a' });
  });

  it('prefers a container to a claim of its name or id', async () => {
    const [id, hand] = [newId(), newName()];
    await shelf('b').put({ id, name: newName() });
    await leaveHalfMade('a', id, 0);
    expect(await findEntries(redis, id)).toMatchObject([{ id, node: 'b' }]);
    await leaveHalfMade('a', hand, 0);
    expect(await findEntries(redis, hand)).toMatchObject([{ name: hand, node: 'a' }]);
    await shelf('b').put({ id: newId(), name: hand });
    expect(await findEntries(redis, hand)).toMatchObject([{ name: hand, node: 'b' }]);
  });

  it('reports an offline node as unreachable for a name it does not know', async () => {
    const report = JSON.stringify({ id: 'quiet', node: 'quiet', stopping: false, podman: { working: true }, labels: {} });
    for (const key of [keys.workers, keys.nodes]) await redis.hset(key, 'quiet', `1000 ${report}`);
    await client.fleet.look();
    expect(client.fleet.nodes.get('quiet')?.status).toBe('offline');
    expect(await client.locate(newName(), { request_id: 'test', token: null })).toEqual({ entries: [], unreachable: ['quiet'] });
    for (const key of [keys.workers, keys.nodes]) await redis.hdel(key, 'quiet');
    await client.fleet.look();
  });

  it('removes expired jobs from the list of all jobs, and no others', async () => {
    const old = Date.now() - (resultTtl + 1) * 1000;
    const forgotten = Array.from({ length: 2500 }, () => newJobId('a', 'reads', old));
    const [running, fresh] = [await leaveHalfMade('a', newName(), (resultTtl + 1) * 1000), newJobId('a', 'reads')];
    await Promise.all([running, ...forgotten].map(id => redis.zadd(keys.jobs, old, id)));
    await redis.zadd(keys.jobs, Date.now(), fresh);
    await tidyJobs(redis, resultTtl);
    const left = await redis.zrangebyscore(keys.jobs, '-inf', '+inf');
    expect(left).toContain(running);
    expect(left).toContain(fresh);
    expect(left.filter(id => forgotten.includes(id))).toEqual([]);
  });

  it('describes a node by its latest report, not by one of a dead worker', async () => {
    const report = (id: string, zone: string) => JSON.stringify({ id, node: 'labelled', labels: { zone } });
    const told = ['w1', 'w2', 'w3', 'w4'].map((id, index) => [id, `${[1001, 1004, 1003, 1002][index]} ${report(id, id)}`] as const);
    await redis.hset(keys.workers, Object.fromEntries(told));
    await redis.hset(keys.nodes, 'labelled', told[1]?.[1] ?? '');
    expect((await readReports(redis, undefined)).nodes.get('labelled')?.report.labels).toEqual({ zone: 'w2' });
    await redis.hdel(keys.workers, ...told.map(([id]) => id));
    await redis.hdel(keys.nodes, 'labelled');
  });
});
