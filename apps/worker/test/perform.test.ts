import { policyOf } from '@podman-api/operations';
import { createLog } from '@podman-api/runtime';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { noCommitPauses, noPools, recordingPodman } from '../../../packages/operations/test/recording-podman.ts';
import { createContainerFeed } from '../src/containers/feed.ts';
import { createPerform, type PerformParts } from '../src/perform.ts';

const unrestricted = policyOf({
  ALLOWED_IMAGES: undefined,
  ALLOWED_MOUNTS: [],
  ALLOWED_CAPABILITIES: undefined,
  ALLOWED_NETWORKS: undefined,
  ALLOWED_USERS: undefined,
  ALLOWED_RUNTIMES: undefined,
});
const renewals = { get: () => undefined, set: (_id: string, expiresAtMs: number) => expiresAtMs, isEnding: () => false };
const log = (await createLog('test', false)).child({}, { level: 'silent' });
const jobOf = (operation: string) => ({
  id: 'node_0123456789ab0123456789abcdef',
  operation,
  token: null,
  input: { name: 'web' },
  controller: new AbortController(),
  output: () => undefined,
  channel: () => Promise.reject(new Error('there is no channel')),
});

const podman = recordingPodman({ run: 'web' });
const parts: PerformParts = {
  lanes: { commands: podman, reads: podman, waits: podman },
  config: { JOB_TIMEOUT: 10, NODE_NAME: 'a' },
  policy: unrestricted,
  renewals,
  pools: noPools,
  commitPauses: noCommitPauses,
  activity: { begin: () => () => {} },
  containers: createContainerFeed(),
  recordEffect: async () => {},
  log,
};

describe('createPerform', () => {
  it('returns the outcome although the directory in Redis could not be updated', async () => {
    const perform = createPerform({
      ...parts,
      recordEffect: async () => {
        throw new Error('NOREPLICAS Not enough good replicas to write.');
      },
    });
    expect(await perform(jobOf('container.remove'))).toMatchObject({ status: 'succeeded', result: { name: 'web', removed: true } });
  });

  it('says that the worker is older than the API if it does not know the operation', async () => {
    const message = expect.stringContaining('does not support container.fly');
    expect(await createPerform(parts)(jobOf('container.fly'))).toMatchObject({
      status: 'failed',
      error: { type: 'ServiceUnavailableError', message },
    });
  });

  it.each([
    ['container.inspect', 120],
    ['container.stop', 600],
  ])('ends %s after %d s if podman hangs', async (operation, seconds) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const hang = (_args: readonly string[], { signal }: { signal?: AbortSignal } = {}) =>
      new Promise<never>((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
    const hanging = { ...podman, run: hang };
    const perform = createPerform({
      ...parts,
      lanes: { commands: hanging, reads: hanging, waits: hanging },
      config: { JOB_TIMEOUT: 600, NODE_NAME: 'a' },
    });
    let hasEnded = false;
    const ended = perform(jobOf(operation)).finally(() => {
      hasEnded = true;
    });
    await vi.advanceTimersByTimeAsync(seconds * 1000 - 1);
    expect(hasEnded).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(await ended).toMatchObject({ status: 'timed_out' });
  });
});
