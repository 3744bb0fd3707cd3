import type { Shelf } from '@podman-api/queue';
import { expect, test, vi } from 'vitest';
import { watchContainers } from '../src/containers/watch.ts';

/** A podman that is still at its first list. */
const slowPodman = { shared: () => new Promise<never>(() => {}), follow: () => new Promise<never>(() => {}) };

test('a container that is removed before this worker has listed it goes from the directory, where others have put it', async () => {
  const containers = new Map([['0123456789ab', { id: '0123456789ab', name: 'web' }]]);
  const shelf: Shelf = {
    read: async () => ({ containers, claims: [] }),
    put: async container => void containers.set(container.id, container),
    drop: async ({ id }) => void containers.delete(id),
    giveBackIfStale: async () => false,
  };
  const watch = watchContainers(slowPodman, shelf, () => {});
  await watch.note({ removed: 'web' }, 'job');
  watch.stop();
  expect(containers).toEqual(new Map());
});

test('what Redis has lost is told again at once', async () => {
  const entry = { Id: '0123456789ab', Names: ['web'], Created: 1, Labels: null };
  const podman = { shared: async () => JSON.stringify([entry]), follow: () => new Promise<never>(() => {}) };
  const containers = new Map<string, { id: string; name: string }>();
  const shelf: Shelf = {
    read: async () => ({ containers: new Map(containers), claims: [] }),
    put: async container => void containers.set(container.id, container),
    drop: async ({ id }) => void containers.delete(id),
    giveBackIfStale: async () => false,
  };
  const watch = watchContainers(podman, shelf, () => {});
  await vi.waitFor(() => expect(containers.size).toBe(1));
  containers.clear();
  watch.tellAgain();
  await vi.waitFor(() => expect(containers.size).toBe(1));
  watch.stop();
});
