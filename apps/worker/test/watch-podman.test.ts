import { createLog } from '@podman-api/runtime';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { recordingPodman } from '../../../packages/operations/test/recording-podman.ts';
import { type PodmanWatch, watchPodman } from '../src/watch-podman.ts';

const log = (await createLog('test', false)).child({}, { level: 'silent' });

/** Watches a podman that takes `probeMs` to answer a probe, and ends when its signal is aborted unless it hangs. */
function watch({ hangs = false } = {}) {
  const fake = { probeMs: 0, running: 0, changes: 0 };
  const podman = recordingPodman();
  const watched: PodmanWatch = watchPodman(
    {
      ...podman,
      async run([verb], { signal } = {}) {
        if (verb === 'version') return JSON.stringify({ Client: { Version: '5.4.2' } });
        fake.running += 1;
        const ended = Promise.withResolvers<void>();
        const timer = setTimeout(ended.resolve, fake.probeMs);
        if (!hangs) signal?.addEventListener('abort', () => ended.resolve());
        await ended.promise;
        clearTimeout(timer);
        fake.running -= 1;
        if (!hangs) signal?.throwIfAborted();
        return '';
      },
    },
    log,
    () => {
      fake.changes += 1;
    },
  );
  return { fake, watched };
}

describe('watchPodman', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
  afterEach(() => void vi.useRealTimers());

  it('reports podman as slow from 10 s on, and as not working after 60 s', async () => {
    const { fake, watched } = watch();
    await vi.advanceTimersByTimeAsync(1);
    expect(watched.state).toEqual({ working: true, version: '5.4.2', error: null });
    fake.probeMs = 3_600_000;
    await vi.advanceTimersByTimeAsync(15_000 + 9000);
    expect(watched.state.error).toBeNull();
    await vi.advanceTimersByTimeAsync(2000);
    expect(watched.state).toMatchObject({ working: true, error: 'no answer within 10 s' });
    await vi.advanceTimersByTimeAsync(48_000);
    expect(watched.state.working).toBe(true);
    await vi.advanceTimersByTimeAsync(2000);
    expect(watched.state).toMatchObject({ working: false, error: 'no answer within 60 s' });
    fake.probeMs = 0;
    await vi.advanceTimersByTimeAsync(61_000);
    expect(watched.state).toMatchObject({ working: true, error: null });
    expect(fake.changes).toBe(4);
    watched.stop();
  });

  it('keeps a podman that answers after 40 s as working', async () => {
    const { fake, watched } = watch();
    await vi.advanceTimersByTimeAsync(1);
    fake.probeMs = 40_000;
    for (let second = 0; second < 300; second += 1) {
      await vi.advanceTimersByTimeAsync(1000);
      expect(watched.state.working).toBe(true);
    }
    watched.stop();
  });

  it('reports podman as not working if its process does not exit after the time limit', async () => {
    const { fake, watched } = watch({ hangs: true });
    await vi.advanceTimersByTimeAsync(1);
    fake.probeMs = 3_600_000;
    await vi.advanceTimersByTimeAsync(15_000 + 61_000);
    expect(watched.state).toMatchObject({ working: false, error: 'no answer within 60 s' });
    watched.stop();
  });

  it('ends its probe and its timers when it is stopped', async () => {
    const { fake, watched } = watch();
    await vi.advanceTimersByTimeAsync(1);
    fake.probeMs = 3_600_000;
    await vi.advanceTimersByTimeAsync(16_000);
    expect(fake.running).toBe(1);
    watched.stop();
    await vi.advanceTimersByTimeAsync(0);
    expect([fake.running, vi.getTimerCount()]).toEqual([0, 0]);
  });

  it('keeps its state when it is stopped during a probe, for the heartbeats of a worker that still runs jobs', async () => {
    const { fake, watched } = watch();
    await vi.advanceTimersByTimeAsync(1);
    fake.probeMs = 3_600_000;
    await vi.advanceTimersByTimeAsync(16_000);
    watched.stop();
    await vi.advanceTimersByTimeAsync(0);
    expect(watched.state).toEqual({ working: true, version: '5.4.2', error: null });
  });
});
