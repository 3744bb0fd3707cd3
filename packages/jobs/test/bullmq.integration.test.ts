import { randomUUID } from 'node:crypto';
import { createBlockingClient, type RedisClient } from '@podman-api/redis';
import { readConfig } from '@podman-api/runtime';
import { startRedis, type TestRedis, until } from '@podman-api/testing';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { findActiveJobs, moveToFailed, requeue } from '../src/bullmq/active-jobs.ts';
import { queueKey } from '../src/bullmq/queue-names.ts';
import { createQueues, enqueue, type Queues } from '../src/bullmq/queues.ts';
import { startLaneWorker, type TakenJob } from '../src/bullmq/worker.ts';
import type { JobData } from '../src/job.ts';
import { newJobId } from '../src/job-id.ts';

let server: TestRedis;
let redis: RedisClient;
let queues: Queues;
beforeAll(async () => {
  server = await startRedis();
  redis = createBlockingClient(readConfig({ REDIS_URL: server.url }, ['REDIS_URL']).REDIS_URL);
  queues = createQueues(redis);
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

const dataOf = (node: string): JobData => ({
  operation: 'test.change',
  container: null,
  node,
  request_id: 'r',
  token: null,
  changes: true,
  created_at: '2026-01-05T09:00:00.000Z',
  input: {},
  sealed: [],
  signature: '',
});

/** Adds a job to a separate queue. @returns its node, its id, and a function that returns the queue's Redis keys */
async function addJob() {
  const node = `node-${randomUUID()}`;
  const id = newJobId(node, 'commands');
  await enqueue(queues.of(node, 'commands'), id, dataOf(node), 60);
  const keyOf = (part: string) => queueKey(node, 'commands', part);
  return { node, id, keyOf };
}

/** Starts a worker that keeps each job until the test ends. @returns the jobs that it has taken */
function startHoldingWorker(node: string, worker: string): readonly TakenJob[] {
  const taken: TakenJob[] = [];
  const released = Promise.withResolvers<void>();
  const options = { node, lane: 'commands', worker, concurrency: 1, resultTtlSeconds: 60 } as const;
  const laneWorker = startLaneWorker(redis, options, async job => {
    taken.push(job);
    await released.promise;
    return { status: 'succeeded' };
  });
  onTestFinished(async () => {
    released.resolve();
    await laneWorker.close();
  });
  return taken;
}

// Internals of BullMQ that this package relies on; package.json names its exact version.
describe('BullMQ', () => {
  it('has a waiting job in the list "wait", and its data in a hash under its id', async () => {
    const { id, keyOf } = await addJob();
    expect(await redis.lrange(keyOf('wait'), 0, -1)).toEqual([id]);
    expect(await redis.hget(keyOf(id), 'name')).toBe('test.change');
  });

  it('adds no second job with the same id', async () => {
    const { node, id, keyOf } = await addJob();
    await enqueue(queues.of(node, 'commands'), id, dataOf(node), 60);
    expect(await redis.lrange(keyOf('wait'), 0, -1)).toEqual([id]);
  });

  it('never gives out a job that was removed from "wait" together with its hash', async () => {
    const { node, id, keyOf } = await addJob();
    await redis.lrem(keyOf('wait'), 1, id);
    await redis.del(keyOf(id));
    const next = newJobId(node, 'commands');
    await enqueue(queues.of(node, 'commands'), next, dataOf(node), 60);
    const taken = startHoldingWorker(node, 'one');
    await until(() => taken.length === 1);
    expect(taken[0]?.id).toBe(next);
  });

  it('has a taken job in the list "active", with the name of its worker as "pb"', async () => {
    const { node, id, keyOf } = await addJob();
    const taken = startHoldingWorker(node, 'the worker');
    await until(() => taken.length === 1);
    expect(await redis.lrange(keyOf('active'), 0, -1)).toEqual([id]);
    expect(await redis.hget(keyOf(id), 'pb')).toBe('the worker');
    expect(await findActiveJobs(redis, node, 'the worker')).toEqual([id]);
    expect(await findActiveJobs(redis, node, 'another')).toEqual([]);
  });

  it('lets any client move an active job to the front of the waiting ones with the token 0', async () => {
    const { node, id, keyOf } = await addJob();
    const taken = startHoldingWorker(node, 'one');
    await until(() => taken.length === 1);
    const waiting = newJobId(node, 'commands');
    await enqueue(queues.of(node, 'commands'), waiting, dataOf(node), 60);
    await requeue(queues, id);
    expect(await redis.lrange(keyOf('active'), 0, -1)).toEqual([]);
    expect(await redis.lrange(keyOf('wait'), 0, -1)).toEqual([waiting, id]);
  });

  it('has a delayed job in the set "delayed", and lets it wait when its time has come', async () => {
    const node = `node-${randomUUID()}`;
    const [far, near] = [newJobId(node, 'commands'), newJobId(node, 'commands')];
    await enqueue(queues.of(node, 'commands'), far, dataOf(node), 60, 1_000_000);
    await enqueue(queues.of(node, 'commands'), near, dataOf(node), 60, 500);
    expect(await redis.zrange(queueKey(node, 'commands', 'delayed'), '0', '-1')).toEqual([near, far]);
    expect(await redis.exists(queueKey(node, 'commands', far))).toBe(1);
    const taken = startHoldingWorker(node, 'one');
    await until(() => taken.length === 1);
    expect(taken[0]?.id).toBe(near);
  });

  it('gives out a job that a script has moved from "delayed" to "wait", also to a worker that waits', async () => {
    const node = `node-${randomUUID()}`;
    const id = newJobId(node, 'commands');
    const keyOf = (part: string) => queueKey(node, 'commands', part);
    const taken = startHoldingWorker(node, 'one');
    await enqueue(queues.of(node, 'commands'), id, dataOf(node), 60, 1_000_000);
    await redis.zrem(keyOf('delayed'), id);
    await redis.lpush(keyOf('wait'), id);
    await redis.zadd(keyOf('marker'), 0, '0');
    await until(() => taken.length === 1);
    expect(taken[0]?.id).toBe(id);
  });

  it('lets any client move an active job to the failed ones with the token 0', async () => {
    const { node, id, keyOf } = await addJob();
    const taken = startHoldingWorker(node, 'one');
    await until(() => taken.length === 1);
    await moveToFailed(queues, id, 'the worker died');
    expect(await redis.lrange(keyOf('active'), 0, -1)).toEqual([]);
    expect(await redis.zrange(keyOf('failed'), '0', '-1')).toEqual([id]);
    expect(await redis.hget(keyOf(id), 'failedReason')).toBe('the worker died');
  });
});
