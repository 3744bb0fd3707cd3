import { createLog } from '@podman-api/runtime';
import { expect, test, vi } from 'vitest';
import { endExpired } from '../src/containers/expire.ts';

test('a container that podman hangs on keeps no other one', async () => {
  const removed: string[] = [];
  const known = new Map(['hanging', 'due', 'later'].map(id => [id, { id, name: id, expires: id === 'later' ? Date.now() + 60_000 : 1 }]));
  const expiry = endExpired({
    podman: {
      run: async args => {
        const id = args.at(-1) ?? '';
        removed.push(id);
        return id === 'hanging' ? new Promise<never>(() => {}) : id;
      },
    },
    node: 'a',
    containers: { count: 3, known, note: async () => {}, drop: ({ id }) => void known.delete(id), tellAgain: () => {}, stop: () => {} },
    renewals: { get: () => undefined, read: () => undefined, set: () => {}, keepOnly: () => {} },
    log: createLog('test', false).child({}, { level: 'silent' }),
    audit: { write: () => {} },
  });
  await vi.waitFor(() => expect(removed).toEqual(['hanging', 'due']));
  known.set('next', { id: 'next', name: 'next', expires: 1 });
  await vi.waitFor(() => expect(removed).toEqual(['hanging', 'due', 'next']));
  expiry.stop();
});
