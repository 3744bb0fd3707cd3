import type { NodeDirectory } from '@podman-api/cluster';
import { until } from '@podman-api/testing';
import { describe, expect, it } from 'vitest';
import { createContainerFeed } from '../src/containers/feed.ts';
import { watchContainers } from '../src/containers/watch.ts';

/** A podman that never returns from its first list. */
const slowPodman = { shared: () => new Promise<never>(() => {}), follow: () => new Promise<never>(() => {}) };

const forwarder = { readStart: async () => Date.now(), forward: () => {}, noteLoss: () => {} };

describe('watchContainers', () => {
  it('removes a container from the directory that it has not listed itself yet', async () => {
    const containers = new Map([['0123456789ab', { id: '0123456789ab', name: 'web' }]]);
    const directory: NodeDirectory = {
      read: async () => ({ containers, reservations: [] }),
      put: async container => void containers.set(container.id, container),
      remove: async ({ id }) => void containers.delete(id),
      releaseIfStale: async () => false,
    };
    const watch = watchContainers(slowPodman, directory, createContainerFeed(), () => {}, forwarder);
    await watch.note({ removed: 'web' }, 'job');
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
    const watch = watchContainers(podman, directory, createContainerFeed(), () => {}, forwarder);
    await until(() => containers.size === 1);
    containers.clear();
    watch.relist();
    await until(() => containers.size === 1);
    watch.stop();
  });
});
