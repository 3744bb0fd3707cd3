import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { containerOperations, type KnownContainer } from '@podman-api/operations';
import { createLog } from '@podman-api/runtime';
import { until } from '@podman-api/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { context, recordingPodman } from '../../../packages/operations/test/recording-podman.ts';
import { type ExpiryParts, removeExpired } from '../src/containers/expire.ts';
import { openRenewalStore } from '../src/containers/renewals.ts';

const folder = mkdtempSync(join(tmpdir(), 'podman-api-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const silent = (await createLog('test', false)).child({}, { level: 'silent' });
const watching = (known: Map<string, KnownContainer>): ExpiryParts['containers'] => ({
  count: known.size,
  shortenedCount: 0,
  listError: null,
  known,
  recordEffect: async () => {},
  drop: ({ id }) => void known.delete(id),
  relist: () => {},
  stop: () => {},
});

describe('removeExpired', () => {
  it('removes other containers while podman hangs on one', async () => {
    const removed: string[] = [];
    const known = new Map(
      ['hanging', 'due', 'later'].map(id => [
        id,
        {
          id,
          name: id,
          expiresAtMs: id === 'later' ? Date.now() + 60_000 : 1,
          allocation: undefined,
          isShortened: false,
          hasHealthCheck: false,
          status: 'running',
          exitCode: null,
        },
      ]),
    );
    const expiry = removeExpired({
      podman: {
        run: async args => {
          const id = args.at(-1) ?? '';
          removed.push(id);
          return id === 'hanging' ? new Promise<never>(() => {}) : id;
        },
      },
      node: 'a',
      containers: watching(known),
      renewals: openRenewalStore(folder),
      log: silent,
      audit: { write: () => {} },
    });
    await until(() => removed.length === 2);
    expect(removed).toEqual(['hanging', 'due']);
    known.set('next', {
      id: 'next',
      name: 'next',
      expiresAtMs: 1,
      allocation: undefined,
      isShortened: false,
      hasHealthCheck: false,
      status: 'running',
      exitCode: null,
    });
    await until(() => removed.includes('next'));
    expect(removed).toEqual(['hanging', 'due', 'next']);
    expiry.stop();
  });

  it('removes a container that podman should have removed as it exited, but no sooner than podman does', async () => {
    const commands: string[] = [];
    const lines: string[] = [];
    const common = {
      expiresAtMs: undefined,
      allocation: undefined,
      isShortened: false,
      hasHealthCheck: false,
      status: 'exited',
      exitCode: 5,
    };
    const known = new Map<string, KnownContainer>([
      ['0123456789ab', { ...common, id: '0123456789ab', name: 'left', autoRemoveSinceMs: Date.now() - 60_000 }],
      ['0123456789ac', { ...common, id: '0123456789ac', name: 'new', autoRemoveSinceMs: Date.now() + 60_000 }],
      ['0123456789ad', { ...common, id: '0123456789ad', name: 'kept' }],
    ]);
    const expiry = removeExpired({
      podman: { run: async args => commands.push(args.join(' ')).toString() },
      node: 'a',
      containers: watching(known),
      renewals: openRenewalStore(folder),
      log: silent,
      audit: { write: ({ operation, container }) => void lines.push(`${operation} ${container}`) },
    });
    await until(() => lines.length > 0);
    expiry.stop();
    expect(commands).toEqual(['rm --force --time=0 --volumes -- 0123456789ab']);
    expect(lines).toEqual(['container.auto_remove left']);
    expect([...known.keys()]).toEqual(['0123456789ac', '0123456789ad']);
  });

  it('makes a renewal of a container that is being removed wait for the outcome', async () => {
    const id = '0123456789ab';
    const known = new Map([
      [
        id,
        {
          id,
          name: 'web',
          expiresAtMs: 1,
          allocation: undefined,
          isShortened: false,
          hasHealthCheck: false,
          status: 'running',
          exitCode: null,
        },
      ],
    ]);
    const renewals = openRenewalStore(folder);
    const [removalStarted, removed] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const run = async ([command]: readonly string[]) => {
      if (command === 'rm') {
        removalStarted.resolve();
        await removed.promise;
        return id;
      }
      if (known.size === 0) throw new Error('no such container');
      return JSON.stringify([{ Id: id, Name: 'web' }]);
    };
    const expiry = removeExpired({
      podman: { run },
      node: 'a',
      containers: watching(known),
      renewals,
      log: silent,
      audit: { write: () => {} },
    });
    await removalStarted.promise;
    const response = containerOperations.renew
      .run({ ...recordingPodman(), run }, { name: 'web', ttl: 3600 }, { ...context, createdAtMs: Date.now(), renewals })
      .then(
        () => 'renewed',
        () => 'gone',
      );
    // The renewal has written the new expiry, and waits for the removal.
    await until(() => (renewals.read(id) ?? 0) > Date.now());
    removed.resolve();
    expect(await response).toBe('gone');
    expect(renewals.isEnding(id)).toBe(false);
    expiry.stop();
  });

  it('keeps a container that was renewed at the last moment', async () => {
    const id = 'ba9876543210';
    const renewals = openRenewalStore(folder);
    const commands: string[] = [];
    const expiry = removeExpired({
      podman: { run: async args => commands.push(args.join(' ')).toString() },
      node: 'a',
      containers: watching(
        new Map([
          [
            id,
            {
              id,
              name: 'web',
              expiresAtMs: 1,
              allocation: undefined,
              isShortened: false,
              hasHealthCheck: false,
              status: 'running',
              exitCode: null,
            },
          ],
        ]),
      ),
      // Another worker writes a renewal after this worker has found the container expired.
      renewals: { ...renewals, get: () => undefined, markAsRemoving: () => void renewals.set(id, Date.now() + 60_000, Date.now()) },
      log: silent,
      audit: { write: () => {} },
    });
    await until(() => renewals.read(id) !== undefined);
    expect(commands).toEqual([]);
    expiry.stop();
  });
});
