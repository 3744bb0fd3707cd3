import { createFailFastClient } from '@podman-api/redis';
import { startRedis } from '@podman-api/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { addBatch } from '../src/job-counter.ts';
import { readTotals } from '../src/totals.ts';

describe('addBatch', () => {
  it('counts a batch once however often it is sent, and each process separately', async () => {
    const server = await startRedis({ kind: 'single' });
    onTestFinished(() => server.stop());
    const redis = createFailFastClient({ kind: 'single', url: server.url });
    onTestFinished(() => redis.disconnect());
    await new Promise(resolve => redis.once('ready', resolve));
    const batch = (number: number, failed: number) => ({ number, counts: new Map([['ends container.exec failed', failed]]) });
    const failed = async () => (await readTotals(redis)).finishedJobs.get('container.exec')?.get('failed');

    expect(await failed()).toBeUndefined();
    await addBatch(redis, 'one', batch(1, 2));
    await addBatch(redis, 'one', batch(1, 2));
    expect(await failed()).toBe(2);
    await addBatch(redis, 'another', batch(1, 3));
    await addBatch(redis, 'one', batch(2, 4));
    await addBatch(redis, 'one', batch(2, 4));
    expect(await failed()).toBe(9);
  });
});
