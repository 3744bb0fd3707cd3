import pLimit from 'p-limit';
import { describe, expect, it } from 'vitest';
import type { RunPodman } from '../../src/process/run-process.ts';
import { createTimedRun } from '../../src/state/timed-run.ts';

const sink = () => undefined;
const ended = (signal: AbortSignal | undefined) => new Promise<void>(resolve => signal?.addEventListener('abort', () => resolve()));

describe('createTimedRun', () => {
  it('does not count the time in which the run waits for its slot', async () => {
    const processLimit = pLimit(1);
    const gate = Promise.withResolvers<void>();
    const before = processLimit(() => gate.promise);
    const timeoutMs = 20;
    const isAborted: (boolean | undefined)[] = [];
    const run: RunPodman = async (_args, { signal }) => {
      isAborted.push(signal?.aborted);
      return 0;
    };
    const waiting = createTimedRun(run, processLimit, timeoutMs)(['ps'], {}, sink);
    // A limit that began when the run was requested is over then.
    await ended(AbortSignal.timeout(2 * timeoutMs));
    gate.resolve();
    await before;
    expect(await waiting).toBe(0);
    expect(isAborted).toEqual([false]);
  });

  it('says that podman hangs if it does not end in time', async () => {
    const hang: RunPodman = async (_args, { signal }) => {
      await ended(signal);
      return null;
    };
    await expect(createTimedRun(hang, pLimit(1), 1)(['ps'], {}, sink)).rejects.toMatchObject({
      status: 503,
      message: expect.stringContaining('Podman did not answer within'),
    });
  });
});
