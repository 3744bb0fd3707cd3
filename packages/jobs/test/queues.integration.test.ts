import { startRedis, type TestRedis } from '@podman-api/testing';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createJobs } from '../src/index.ts';
import { connectJobs, hooks, limits, livingWorkers, secretKeys, types } from './job-service.ts';

let server: TestRedis;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());

describe('the queues of a process', () => {
  it('are closed when their node has been removed, and opened again if they are needed', async () => {
    const { redis, subscriber, stop } = await connectJobs(server.url);
    const nodes = new Set(['kept', 'removed']);
    const listeners: (() => void)[] = [];
    const workers = { ...livingWorkers, nodes, onRefresh: (listener: () => void) => void listeners.push(listener) };
    const jobs = createJobs({ redis, subscriber, secretKeys, types, workers, hooks, ...limits });
    onTestFinished(() => {
      jobs.stop();
      stop();
    });
    const kept = jobs.queuesOf(['kept']);
    // A queue that is still connecting has one listener more.
    await Promise.all(kept.map(queue => queue.waitUntilReady()));
    const listenerCount = redis.listenerCount('ready');
    const removed = jobs.queuesOf(['removed']);
    await Promise.all(removed.map(queue => queue.waitUntilReady()));
    const refresh = () => {
      for (const listener of listeners) listener();
    };
    refresh();
    expect(redis.listenerCount('ready')).toBe(listenerCount + removed.length);
    nodes.delete('removed');
    const counting = removed[0]?.getJobCounts('waiting');
    refresh();
    // A call that is under way is still answered, and so is one to a queue that was closed.
    expect([await counting, await removed[0]?.getJobCounts('waiting')]).toEqual([{ waiting: 0 }, { waiting: 0 }]);
    expect(redis.listenerCount('ready')).toBe(listenerCount);
    expect(jobs.queuesOf(['kept'])[0]).toBe(kept[0]);
    expect(await jobs.queuesOf(['removed'])[0]?.getJobCounts('waiting')).toEqual({ waiting: 0 });
  });
});
