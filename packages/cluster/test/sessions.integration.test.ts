import { createSeal } from '@podman-api/jobs';
import { startRedis, type TestRedis } from '@podman-api/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLeaseStore } from '../src/sessions/leases.ts';
import { openSessionNodes } from '../src/sessions/session-nodes.ts';
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

const openStore = (key = 'a key of these tests, long enough') => openLeaseStore(connected.redis, createSeal([key]));
const leaseOf = (id: string) => ({ id, labels: [`session=${id}`], node: 'a', token: null });

describe('openLeaseStore', () => {
  it('changes the revision with each renewal, and renews no lease that was ended', async () => {
    const store = openStore();
    expect(await store.renew(leaseOf('one'))).toBe(true);
    const first = await store.read('one');
    expect(first).toMatchObject({ ...leaseOf('one'), isEnding: false });
    await store.renew(leaseOf('one'));
    expect((await store.read('one'))?.revision).not.toBe(first?.revision);

    await store.end(leaseOf('one'));
    expect(await store.renew(leaseOf('one'))).toBe(false);
    expect(await store.list()).toMatchObject([{ id: 'one', isEnding: true }]);
    await store.remove('one');
    expect([await store.read('one'), await store.list()]).toEqual([undefined, []]);
  });

  it('lets one process claim a lease', async () => {
    const store = openStore();
    expect([await store.claim('two'), await store.claim('two'), await store.claim('three')]).toEqual([true, false, true]);
  });

  it('accepts no lease that was sealed with another key or under another id', async () => {
    const store = openStore();
    await openStore('another key of these tests, long enough').renew(leaseOf('four'));
    await store.renew(leaseOf('five'));
    const stored = await connected.redis.hget('podman-api:{fleet}:leases', 'five');
    await connected.redis.hset('podman-api:{fleet}:leases', 'six', stored ?? '');
    expect((await store.list()).map(({ id }) => id)).toEqual(['five']);
  });
});

describe('openSessionNodes', () => {
  it('keeps the node of a session until that one is replaced', async () => {
    const nodes = openSessionNodes(connected.redis);
    expect(await nodes.assign('s', 'a')).toBe('a');
    expect(await nodes.assign('s', 'b')).toBe('a');
    expect(await nodes.assign('s', 'b', 'c')).toBe('a');
    expect(await nodes.assign('s', 'b', 'a')).toBe('b');
    expect(await nodes.assign('other', 'c')).toBe('c');
  });
});
