import { startRedis, type TestRedis, until } from '@podman-api/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createQueues } from '../src/bullmq/queues.ts';
import { createSeal, type JobType } from '../src/index.ts';
import { keys } from '../src/keys.ts';
import { readRecord } from '../src/record/record.ts';
import { recoverOrphans } from '../src/recovery/orphans.ts';
import { createReaper } from '../src/recovery/reaper.ts';
import { command, connectJobs, hooks, limits, livingWorkers, secretKeys } from './job-service.ts';

let server: TestRedis;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());

/** Submits a job to a node without a worker. @returns its id, and the dependencies of a recovery */
async function submitJob(node: string) {
  const { jobs, redis, stop } = await connectJobs(server.url);
  onTestFinished(stop);
  const { id } = await jobs.prepareJob(command.lane, node, undefined);
  const submission = { type: command, input: {}, request_id: 'one', token: null, isDetached: true };
  await jobs.submit({ id, node, claim: undefined }, submission, new AbortController().signal);
  return { id, parts: { redis, seal: createSeal(secretKeys), queues: createQueues(redis), hooks, ...limits } };
}

describe('recoverOrphans', () => {
  it('counts attempts from zero for an orphan that another worker removed meanwhile', async () => {
    const node = 'orphans';
    const { id, parts } = await submitJob(node);
    const set = keys.orphans(node);
    let attempts = 0;
    const task = recoverOrphans({
      ...parts,
      node,
      recover: async () => {
        attempts += 1;
        throw new Error('podman cannot be queried');
      },
    });
    const runUntilAttempted = (count: number) =>
      until(async () => {
        await task();
        return attempts === count;
      });
    await parts.redis.sadd(set, id);
    await runUntilAttempted(5);
    await task();
    await parts.redis.srem(set, id);
    await task();
    await parts.redis.sadd(set, id);
    await runUntilAttempted(6);
    expect(attempts).toBe(6);
  });
});

describe('a reaper', () => {
  const type: JobType = { ...command, isRecoveryAwaited: true };
  afterEach(() => void vi.useRealTimers());

  it('forgets the recovery of a job that it has not seen for a minute', async () => {
    const node = 'reaped';
    const { id, parts } = await submitJob(node);
    const { redis } = parts;
    await redis.hset(keys.record(id), { status: 'running', worker: 'dead' });
    const reaper = createReaper({ ...parts, workers: { ...livingWorkers, isDead: () => true }, types: () => type });
    const statusOf = async () => (await readRecord(redis, id))?.status;
    const isOrphan = async () => (await redis.sismember(keys.orphans(node), id)) === 1;
    const reap = async () => {
      const record = await readRecord(redis, id);
      if (record) reaper.onRecord(id, record);
      await until(async () => (await isOrphan()) || (await statusOf()) !== 'running');
    };
    vi.useFakeTimers({ toFake: ['performance'] });
    await reap();
    expect(await statusOf()).toBe('running');
    await redis.srem(keys.orphans(node), id);
    vi.advanceTimersByTime(61_000);
    await reap();
    expect([await isOrphan(), await statusOf()]).toEqual([true, 'running']);
  });
});
