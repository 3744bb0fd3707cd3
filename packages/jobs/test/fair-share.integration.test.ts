import { startRedis, type TestRedis, until } from '@podman-api/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { queueKey } from '../src/bullmq/queue-names.ts';
import { command, connectJobs, limits, type TestJobs } from './job-service.ts';
import { createSharedNode } from './shared-node.ts';

let server: TestRedis;
let service: TestJobs;
beforeAll(async () => {
  server = await startRedis();
  service = await connectJobs(server.url, true);
  // All workers of this file use this connection, and BullMQ adds listeners for each.
  service.redis.setMaxListeners(1000);
});
afterAll(async () => {
  service.stop();
  await server.stop();
});

describe('tokens that share the slots of a node', () => {
  it.each([
    [1, 1],
    [2, 1],
    [3, 2],
    [4, 3],
    [10, 8],
  ])('leave others a slot: of %i slots, one token takes %i', async (slots, share) => {
    const { startWorker, submit, ofToken, awaitRunning, countWaiting } = createSharedNode(service);
    startWorker(slots);
    await submit('greedy', share);
    // Otherwise more jobs may wait than MAX_QUEUE allows.
    await awaitRunning({ greedy: share });
    await submit('greedy', slots + 2 - share);
    expect(await countWaiting()).toBe(slots + 2 - share);
    const [first = ''] = await submit('other', 1);
    if (slots === 1) return;
    await awaitRunning({ other: 1 });
    expect(ofToken('greedy')).toHaveLength(share);
    expect(ofToken('other').map(({ id }) => id)).toEqual([first]);
  });

  it('get the slots that become free in turn, the token with the fewest running jobs first', async () => {
    const { startWorker, submit, ofToken, awaitRunning } = createSharedNode(service);
    startWorker(4);
    await submit('greedy', 8);
    await awaitRunning({ greedy: 3 });
    await submit('other', 4);
    await awaitRunning({ greedy: 3, other: 1 });
    ofToken('greedy')[0]?.end();
    await awaitRunning({ greedy: 2, other: 2 });
    await submit('third', 1);
    ofToken('greedy')[0]?.end();
    await awaitRunning({ greedy: 1, other: 2, third: 1 });
    ofToken('other')[0]?.end();
    await awaitRunning({ greedy: 2, other: 1, third: 1 });
  });

  it('run their jobs in the order of submission', async () => {
    const { startWorker, submit, ofToken, performed } = createSharedNode(service);
    startWorker(2);
    const ids = await submit('greedy', 6);
    for (let ended = 1; ended <= ids.length; ended += 1) {
      await until(() => performed.length === ended);
      ofToken('greedy')[0]?.end();
    }
    expect(performed).toEqual(ids);
  });

  it('share the slots of all workers of the node, also of one that starts later', async () => {
    const { startWorker, submit, awaitRunning } = createSharedNode(service);
    startWorker(2);
    await submit('greedy', 8);
    await awaitRunning({ greedy: 1 });
    startWorker(2);
    await awaitRunning({ greedy: 3 });
    await submit('other', 1);
    await awaitRunning({ greedy: 3, other: 1 });
  });

  it('lose no held job when a worker stops', async () => {
    const { startWorker, submit, ofToken, awaitRunning, performed } = createSharedNode(service);
    const first = startWorker(2);
    const ids = await submit('greedy', 3);
    await awaitRunning({ greedy: 1 });
    const drained = first.drain();
    ofToken('greedy')[0]?.end();
    await drained;
    first.stop();
    startWorker(2);
    for (let ended = 2; ended <= ids.length; ended += 1) {
      await until(() => performed.length === ended);
      ofToken('greedy')[0]?.end();
    }
    expect(performed).toEqual(ids);
  });

  it('count held jobs for MAX_QUEUE', async () => {
    const { startWorker, submit, awaitRunning, countWaiting } = createSharedNode(service);
    startWorker(2);
    await submit('greedy', 1);
    await awaitRunning({ greedy: 1 });
    await submit('greedy', limits.maxQueue);
    expect(await countWaiting()).toBe(limits.maxQueue);
    await expect(submit('greedy', 1)).rejects.toMatchObject({ status: 503, message: expect.stringContaining('MAX_QUEUE') });
    await expect(submit('other', 1)).rejects.toMatchObject({ status: 503 });
  });

  it('never run a held job that was withdrawn or cancelled', async () => {
    const { node, startWorker, submit, ofToken, awaitRunning, statusOf, countWaiting, performed } = createSharedNode(service);
    startWorker(2);
    const [first = '', cancelled = ''] = await submit('greedy', 2);
    await awaitRunning({ greedy: 1 });
    const waiting = new AbortController();
    const prepared = await service.jobs.prepareJob('commands', node, undefined);
    const submission = { type: command, input: {}, request_id: 'one', token: 'greedy', isDetached: false };
    const withdrawn = await service.jobs.submit(prepared, submission, waiting.signal);
    const [last = ''] = await submit('greedy', 1);
    expect(await service.jobs.isQueued(cancelled)).toBe(true);
    await service.jobs.cancel(cancelled);
    waiting.abort();
    expect(await withdrawn?.outcome).toMatchObject({ status: 'withdrawn' });
    expect(await statusOf(cancelled)).toBe('cancelled');
    expect(await countWaiting()).toBe(1);
    expect(await service.redis.exists(queueKey(node, 'commands', cancelled), queueKey(node, 'commands', prepared.id))).toBe(0);
    ofToken('greedy')[0]?.end();
    await until(() => performed.length === 2);
    expect(performed).toEqual([first, last]);
  });

  it('add no job twice that is sent again with its Idempotency-Key while it is held', async () => {
    const { node, startWorker, submit, ofToken, awaitRunning, performed, countWaiting } = createSharedNode(service);
    startWorker(2);
    const [first = ''] = await submit('greedy', 1);
    await awaitRunning({ greedy: 1 });
    const [held = ''] = await submit('greedy', 1, { key: node, request: 'the same' });
    expect(await submit('greedy', 1, { key: node, request: 'the same' })).toEqual([held]);
    expect(await countWaiting()).toBe(1);
    const [last = ''] = await submit('greedy', 1);
    for (const expected of [[first], [first, held], [first, held, last]]) {
      await until(() => performed.length === expected.length);
      expect(performed).toEqual(expected);
      ofToken('greedy')[0]?.end();
    }
  });

  it('do not wait for a job that was admitted and never added, or runs on a worker that does not report', async () => {
    const { node, startWorker, submit, awaitRunning } = createSharedNode(service);
    const created = (Date.now() - 11_000).toString(16).padStart(12, '0');
    const [neverAdded, lost] = ['a', 'b'].map(digit => `${node}_${created}${digit.repeat(16)}`);
    await service.redis.hset(`podman-api:admitted:{${node}}`, { [String(neverAdded)]: 'greedy', [String(lost)]: 'greedy' });
    await service.redis.hset(`podman-api:job:{${node}}${String(neverAdded).slice(node.length)}`, { status: 'queued' });
    await service.redis.hset(`podman-api:job:{${node}}${String(lost).slice(node.length)}`, { status: 'running', worker: 'dead' });
    startWorker(2);
    await submit('greedy', 2);
    await awaitRunning({ greedy: 1 });
  });

  it('end each job once, in whatever order the jobs and workers end', async () => {
    const { startWorker, submit, ofToken, performed, countWaiting } = createSharedNode(service);
    startWorker(3);
    startWorker(2);
    const names = ['a', 'b', 'c'];
    const ids: string[] = [];
    let mostOfOneToken = 0;
    for (let round = 0; round < 12; round += 1) {
      const added = await Promise.all(names.map((name, index) => submit(name, (round + index) % 3)));
      ids.push(...added.flat());
      mostOfOneToken = Math.max(mostOfOneToken, ...names.map(name => ofToken(name).length));
      for (const name of names) ofToken(name)[(round * 7) % 3]?.end();
      await until(async () => {
        if (((await countWaiting()) ?? 0) <= limits.maxQueue - 3) return true;
        ofToken(names[round % 3] ?? '')[0]?.end();
        return false;
      });
    }
    await until(() => {
      for (const name of names) ofToken(name)[0]?.end();
      return performed.length === ids.length;
    });
    expect([...performed].sort()).toEqual([...ids].sort());
    expect(mostOfOneToken).toBeLessThanOrEqual(4);
  });
});

describe('a caller without a token', () => {
  it('takes all slots', async () => {
    const { startWorker, submit, awaitRunning } = createSharedNode(service);
    startWorker(2);
    await submit(null, 3);
    await awaitRunning({ '': 2 });
  });
});
