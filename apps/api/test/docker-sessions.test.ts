import type { Lease, LeaseStore, StoredLease } from '@podman-api/cluster';
import { ApiError } from '@podman-api/errors';
import type { RemovedLabelled } from '@podman-api/operations';
import { createLog } from '@podman-api/runtime';
import { describe, expect, it } from 'vitest';
import { parseFilterSet } from '../src/docker/ryuk/filter-sets.ts';
import { isRyukImage } from '../src/docker/ryuk/ryuk-containers.ts';
import { createSweep } from '../src/docker/sessions/sweep-leases.ts';

const log = (await createLog('test', false)).child({}, { level: 'silent' });
const nothing: RemovedLabelled = { containers: [], networks: [], volumes: [], failures: [] };

/** Starts sweeps over leases in memory. `removes` are what the removals find, one after the other; then there is nothing left. */
function start(removes: readonly Partial<RemovedLabelled>[] = []) {
  const stored = new Map<string, StoredLease>();
  const claimed = new Set<string>();
  const removals: string[] = [];
  let isRedisAvailable = true;
  let now = 0;
  let renewals = 0;
  const put = (lease: Lease, isEnding: boolean) => {
    renewals += 1;
    stored.set(lease.id, { ...lease, isEnding, revision: `${renewals}` });
  };
  const leases: LeaseStore = {
    async renew(lease) {
      put(lease, false);
      return true;
    },
    read: async id => stored.get(id),
    async list() {
      if (!isRedisAvailable) throw new ApiError('ServiceUnavailableError', 'Redis is away.');
      return [...stored.values()];
    },
    end: async lease => put(lease, true),
    async remove(id) {
      stored.delete(id);
    },
    async claim(id) {
      return !claimed.has(id);
    },
  };
  const remove = async ({ id }: Lease) => {
    const found = { ...nothing, ...removes[removals.length] };
    removals.push(id);
    return found;
  };
  const sweep = createSweep({ leases, log, remove }, () => now);
  return {
    leases,
    removals,
    stored,
    claimed,
    setRedis(isAvailable: boolean) {
      isRedisAvailable = isAvailable;
    },
    /** Sweeps every five seconds for a time. */
    async pass(seconds: number) {
      for (const end = now + seconds * 1000; now < end; ) {
        now += 5000;
        await Promise.all(await sweep().catch(() => []));
      }
    },
    skip(seconds: number) {
      now += seconds * 1000;
    },
  };
}

const lease: Lease = { id: 'one', labels: ['session=one'], node: 'a', token: null };

describe('the sweep of leases', () => {
  it('removes what belongs to a lease that was not renewed for 30 s, and the lease when nothing is left', async () => {
    const { leases, removals, stored, pass } = start([{ containers: ['c'] }]);
    await leases.renew(lease);
    await pass(30);
    expect(removals).toEqual([]);
    await pass(10);
    expect(removals[0]).toBe('one');
    expect(stored.get('one')?.isEnding).toBe(true);
    await pass(60);
    expect(stored.size).toBe(0);
  });

  it('removes nothing of a lease that is renewed', async () => {
    const { leases, removals, pass } = start();
    for (let renewal = 0; renewal < 10; renewal += 1) {
      await leases.renew(lease);
      await pass(25);
    }
    expect(removals).toEqual([]);
  });

  it('removes at once what belongs to a lease that was ended, and tries again what it could not remove', async () => {
    const { leases, removals, stored, pass } = start([{ failures: ['network in use'] }, { failures: ['network in use'] }]);
    await leases.end(lease);
    await pass(5);
    expect(removals).toEqual(['one']);
    await pass(60);
    expect([removals.length > 2, stored.size]).toEqual([true, 0]);
  });

  it('keeps a lease while Redis is unavailable, and while this process is paused', async () => {
    const { leases, removals, setRedis, pass, skip } = start();
    await leases.renew(lease);
    await pass(25);
    setRedis(false);
    await pass(60);
    setRedis(true);
    await pass(25);
    skip(120);
    await pass(25);
    expect(removals).toEqual([]);
    await pass(15);
    expect(removals[0]).toBe('one');
  });

  it('leaves a lease to the process that has claimed it', async () => {
    const { leases, removals, claimed, pass } = start();
    claimed.add('one');
    await leases.end(lease);
    await pass(60);
    expect(removals).toEqual([]);
  });
});

describe('a filter set of Ryuk', () => {
  it.each([
    ['label=org.testcontainers.session-id=1f0c', ['org.testcontainers.session-id=1f0c']],
    ['label=org.testcontainers.sessionId%3D1f0c&label=a=b\r', ['org.testcontainers.sessionId=1f0c', 'a=b']],
    ['label=com.docker.compose.project=shop', ['com.docker.compose.project=shop']],
  ])('%j names labels', (line, labels) => {
    expect(parseFilterSet(line)).toEqual(labels);
  });

  it.each([
    'label=org.testcontainers=true',
    'label=org.testcontainers.session-id=',
    'label=org.testcontainers.session-id',
    'name=web',
    'x',
  ])('%j is refused, because it names no session', line => {
    expect(parseFilterSet(line)).toBeUndefined();
  });
});

describe('isRyukImage', () => {
  it.each([
    ['testcontainers/ryuk:0.14.0', true],
    ['docker.io/testcontainers/ryuk', true],
    ['registry.example:5000/hub/testcontainers/ryuk@sha256:00', true],
    ['testcontainers/ryuk-extra:1', false],
    ['mytestcontainers/ryuk:1', false],
  ])('%s: %j', (reference, expected) => {
    expect(isRyukImage(reference)).toBe(expected);
  });
});
