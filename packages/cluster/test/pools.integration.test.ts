import { createSeal } from '@podman-api/jobs';
import { startRedis, type TestRedis } from '@podman-api/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPoolLease } from '../src/pools/pool-lease.ts';
import { openPoolStore } from '../src/pools/pool-store.ts';
import { connectFleet, type TestFleet } from './fleet-service.ts';

let server: TestRedis;
let connected: TestFleet;
beforeAll(async () => {
  server = await startRedis();
  connected = await connectFleet(server.url);
});
afterAll(async () => {
  connected.stop();
  await server.stop();
});

const openStore = (key = 'a key of these tests, long enough') => openPoolStore(connected.redis, createSeal([key]));
const container = { image: 'plain', environment: { KEY: 'pool-canary' } };
const settings = { name: 'p', size: 1, max_idle_seconds: null, node_selector: {}, container };

describe('openPoolStore', () => {
  it('changes the revision with the specification, and with nothing else', async () => {
    const store = openStore();
    const { pool, isNew } = await store.put(settings);
    const resized = await store.put({ ...settings, size: 2 });
    const changed = await store.put({ ...settings, container: { ...container, image: 'other' } });
    expect([isNew, resized.isNew, resized.pool.size, resized.pool.revision]).toEqual([true, false, 2, pool.revision]);
    expect(changed.pool.revision).not.toBe(pool.revision);
    expect(changed.pool.created_at).toBe(pool.created_at);
    expect(await store.list()).toEqual([changed.pool]);
    expect([await store.remove('p'), await store.remove('p'), await store.read('p')]).toEqual([true, false, undefined]);
  });

  it('stores nothing readable, and accepts no pool that was sealed with another key or under another name', async () => {
    const store = openStore();
    await store.put(settings);
    const [stored = ''] = Object.values(await connected.redis.hgetall('podman-api:{fleet}:pools'));
    expect(Buffer.from(stored, 'base64').toString()).not.toContain('pool-canary');
    await connected.redis.hset('podman-api:{fleet}:pools', 'other', stored);
    expect((await store.list()).map(({ name }) => name)).toEqual(['p']);
    expect(await openStore('another key of these tests, long enough').list()).toEqual([]);
  });
});

describe('openPoolLease', () => {
  it('gives the lease of a node to one worker until it is released', async () => {
    const [first, second] = ['one', 'two'].map(worker => openPoolLease(connected.redis, 'a', worker));
    const before = await first?.renew();
    expect([before?.isKeeper, (await second?.renew())?.isKeeper, (await first?.renew())?.isKeeper]).toEqual([true, false, true]);
    await first?.release();
    expect(await second?.renew()).toMatchObject({ isKeeper: true, isDraining: false });
    await openStore().remove('p');
    expect((await second?.renew())?.version).not.toBe(before?.version);
  });
});
