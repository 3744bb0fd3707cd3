import type { NodeAllocations, NodeDirectory } from '@podman-api/cluster';
import { until } from '@podman-api/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { noPools } from '../../../packages/operations/test/recording-podman.ts';
import { createContainerFeed } from '../src/containers/feed.ts';
import { watchContainers } from '../src/containers/watch.ts';

/** A podman that never returns from its first list. */
const slowPodman = { shared: () => new Promise<never>(() => {}), follow: () => new Promise<never>(() => {}) };

const forwarder = { readStart: async () => Date.now(), forward: () => {}, recordPossibleLoss: () => {} };
/** Allocations of a node without any. */
const allocations: NodeAllocations = {
  read: async () => new Map(),
  put: async () => {},
  release: async () => {},
  releaseIfStale: async () => {},
};

describe('watchContainers', () => {
  it('removes a container from the directory that it has not listed itself yet', async () => {
    const containers = new Map([['0123456789ab', { id: '0123456789ab', name: 'web' }]]);
    const directory: NodeDirectory = {
      read: async () => ({ containers, reservations: [] }),
      put: async container => void containers.set(container.id, container),
      remove: async ({ id }) => void containers.delete(id),
      releaseIfStale: async () => false,
    };
    const watch = watchContainers(slowPodman, { directory, allocations }, createContainerFeed(), noPools, () => {}, forwarder);
    await watch.recordEffect({ removed: 'web' }, 'job', undefined);
    watch.stop();
    expect(containers).toEqual(new Map());
  });

  it('adds all containers to the directory again when Redis has lost them', async () => {
    const entry = { Id: '0123456789ab', Names: ['web'], Created: 1, Labels: null, ServiceLabels: {}, Ports: null };
    const podman = { shared: async () => JSON.stringify(entry), follow: () => new Promise<never>(() => {}) };
    const containers = new Map<string, { id: string; name: string }>();
    const directory: NodeDirectory = {
      read: async () => ({ containers: new Map(containers), reservations: [] }),
      put: async container => void containers.set(container.id, container),
      remove: async ({ id }) => void containers.delete(id),
      releaseIfStale: async () => false,
    };
    const watch = watchContainers(podman, { directory, allocations }, createContainerFeed(), noPools, () => {}, forwarder);
    await until(() => containers.size === 1);
    containers.clear();
    watch.relist();
    await until(() => containers.size === 1);
    watch.stop();
  });

  it('corrects the allocations of tokens to the containers that exist', async () => {
    const job = (digit: number) => `a_${String(digit).repeat(28)}`;
    const labels = { 'podman-api.job': job(1), 'podman-api.token': `ci 1024 0.5 ${job(1)}` };
    const entry = { Id: '0123456789ab', Names: ['web'], Created: 1, Labels: null, ServiceLabels: labels, Ports: null };
    const podman = { shared: async () => JSON.stringify(entry), follow: () => new Promise<never>(() => {}) };
    const directory: NodeDirectory = {
      read: async () => ({ containers: new Map(), reservations: [] }),
      put: async () => {},
      remove: async () => {},
      releaseIfStale: async () => false,
    };
    const allocation = { job: job(2), token: 'ci', memory: 0, cpus: 0 };
    const held = new Map<string, object>([[allocation.job, allocation]]);
    const corrected: NodeAllocations = {
      read: async () => new Map([[allocation.job, allocation]]),
      put: async one => void held.set(one.job, one),
      release: async one => void held.delete(one),
      releaseIfStale: async one => void held.delete(one),
    };
    const watch = watchContainers(podman, { directory, allocations: corrected }, createContainerFeed(), noPools, () => {}, forwarder);
    await until(() => held.has(job(1)));
    expect([...held.values()]).toEqual([{ job: job(1), token: 'ci', memory: 1024, cpus: 0.5 }]);
    // A removed container no longer counts, also if another program removed it.
    await until(() => watch.known.has('0123456789ab'));
    for (const known of watch.known.values()) watch.drop(known);
    await until(() => held.size === 0);
    watch.stop();
  });
});

describe('lists of containers after events', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** Time that podman takes to list the containers. */
  const listDurationMs = 100;
  const directory: NodeDirectory = {
    read: async () => ({ containers: new Map(), reservations: [] }),
    put: async () => {},
    remove: async () => {},
    releaseIfStale: async () => false,
  };

  /** Watches a host on which other programs create containers. */
  async function watchBusyHost() {
    /** The option `isFresh` of each list. */
    const lists: (boolean | undefined)[] = [];
    let addEvent: (line: string) => void = () => {};
    const podman = {
      async shared(_args: readonly string[], options: { isFresh?: boolean } = {}) {
        lists.push(options.isFresh);
        await new Promise(resolve => setTimeout(resolve, listDurationMs));
        return '';
      },
      follow(_args: readonly string[], onLine: (line: string) => void) {
        addEvent = onLine;
        return new Promise<never>(() => {});
      },
    };
    const watch = watchContainers(podman, { directory, allocations }, createContainerFeed(), noPools, () => {}, forwarder);
    await vi.advanceTimersByTimeAsync(3000);
    lists.length = 0;
    let count = 0;
    const addContainer = () => {
      count += 1;
      const event = { type: 'container', action: 'create', id: String(count).padStart(64, '0'), name: 'x', time: 0, exitCode: null };
      addEvent(JSON.stringify({ ...event, image: 'x', health: '', isOfJob: false }));
    };
    return { watch, lists, addContainer };
  }

  it('are combined for events close together, and run podman only if its state has changed', async () => {
    const { watch, lists, addContainer } = await watchBusyHost();
    for (let event = 0; event < 5; event += 1) {
      addContainer();
      await vi.advanceTimersByTimeAsync(10);
    }
    await vi.advanceTimersByTimeAsync(1000);
    expect(lists).toEqual([false]);
    watch.stop();
  });

  it('are not delayed by further events, and take at most a tenth of the time', async () => {
    const { watch, lists, addContainer } = await watchBusyHost();
    for (let event = 0; event < 200; event += 1) {
      addContainer();
      await vi.advanceTimersByTimeAsync(50);
    }
    // Ten seconds of events.
    expect(lists.length).toBeGreaterThanOrEqual(7);
    expect(lists.length).toBeLessThanOrEqual(11);
    watch.stop();
  });

  it('are not delayed if the directory may have lost entries', async () => {
    const { watch, lists, addContainer } = await watchBusyHost();
    addContainer();
    await vi.advanceTimersByTimeAsync(150);
    addContainer();
    watch.relist();
    addContainer();
    await vi.advanceTimersByTimeAsync(150);
    expect(lists).toEqual([false, true]);
    watch.stop();
  });
});
