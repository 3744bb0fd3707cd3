import type { KnownContainer } from '@podman-api/operations';
import { createLog } from '@podman-api/runtime';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createContainerFeed } from '../src/containers/feed.ts';
import { runHealthChecks } from '../src/containers/health-checks.ts';

/** A container that a fake podman checks. */
interface Fake {
  readonly started: number;
  readonly intervalMs: number;
  readonly timeoutMs?: number;
  status?: string;
  ends: number[];
}

const log = (await createLog('test', false)).child({}, { level: 'silent' });

/** Starts the checks of containers; each check lasts until `hold` resolves, or it is aborted. */
function start(fakes: Readonly<Record<string, Fake>>, { isBusy = false, hold = async () => {} } = {}) {
  const known = new Map<string, KnownContainer>(
    Object.keys(fakes).map(id => [
      id,
      {
        id,
        name: id,
        expiresAtMs: undefined,
        allocation: undefined,
        isShortened: false,
        hasHealthCheck: true,
        status: 'running',
        exitCode: null,
      },
    ]),
  );
  const began: string[] = [];
  let atOnce = 0;
  let maxAtOnce = 0;
  const podman = {
    async shared(args: readonly string[]) {
      const fake = fakes[args.at(-1) ?? ''];
      if (!fake) throw new Error('no such container');
      const { status = 'running', started, intervalMs, timeoutMs = 5000, ends } = fake;
      const check = { Test: ['CMD', 'true'], Interval: intervalMs * 1e6, Timeout: timeoutMs * 1e6 };
      return JSON.stringify({
        status,
        started: new Date(started),
        health: 'healthy',
        check,
        ends: ends.map(end => `${new Date(end).toISOString()} `).join(''),
      });
    },
    async checkHealth(id: string, signal: AbortSignal) {
      began.push(id);
      atOnce += 1;
      maxAtOnce = Math.max(maxAtOnce, atOnce);
      await Promise.race([hold(), new Promise(resolve => signal.addEventListener('abort', resolve))]);
      atOnce -= 1;
      fakes[id]?.ends.push(Date.now());
    },
  };
  const feed = createContainerFeed();
  const checks = runHealthChecks({ podman, containers: { known }, feed, isBusy: () => isBusy, log });
  return { checks, began, known, feed, maxAtOnce: () => maxAtOnce };
}

describe('runHealthChecks', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] }));
  afterEach(() => void vi.useRealTimers());
  const fake = (changes: Partial<Fake> = {}): Fake => ({ started: Date.now(), intervalMs: 10_000, ends: [], ...changes });

  it('runs the first check at once, and the next ones after the interval', async () => {
    const { checks, began } = start({ web: fake() });
    await vi.advanceTimersByTimeAsync(2000);
    expect(began).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(7000);
    expect(began).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(4000);
    expect(began).toHaveLength(2);
    await checks.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(began).toHaveLength(2);
  });

  it('honors the interval after a check of another worker, and after a restart of the container', async () => {
    const web = fake({ started: Date.now() - 60_000, ends: [Date.now() - 1000] });
    const restarted = fake({ ends: [Date.now() - 1000], intervalMs: 60_000 });
    const { checks, began } = start({ web, restarted });
    await vi.advanceTimersByTimeAsync(2000);
    expect(began).toEqual(['restarted']);
    await vi.advanceTimersByTimeAsync(8000);
    expect(began).toEqual(['restarted', 'web']);
    await checks.stop();
  });

  it('runs no check of a container that does not run', async () => {
    const { checks, began } = start({ web: fake({ status: 'exited' }), paused: fake({ status: 'paused' }) });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(began).toEqual([]);
    await checks.stop();
  });

  it('checks a container as soon as it has started', async () => {
    const web = fake({ status: 'created' });
    const { checks, began, feed } = start({ web });
    await vi.advanceTimersByTimeAsync(2000);
    web.status = 'running';
    feed.publishEvent({ id: 'web', status: 'start', timeMs: Date.now(), exitCode: null });
    await vi.advanceTimersByTimeAsync(2000);
    expect(began).toEqual(['web']);
    await checks.stop();
  });

  it('puts checks off while jobs occupy the worker, but no longer than the interval', async () => {
    const { checks, began } = start({ web: fake({ started: Date.now() - 60_000, ends: [Date.now() - 9000] }) }, { isBusy: true });
    await vi.advanceTimersByTimeAsync(9000);
    expect(began).toEqual([]);
    await vi.advanceTimersByTimeAsync(5000);
    expect(began).toEqual(['web']);
    await checks.stop();
  });

  it('starts two checks at once, and none of a container whose check still runs', async () => {
    const released = Promise.withResolvers<void>();
    const fakes = Object.fromEntries(['a', 'b', 'c'].map(id => [id, fake({ intervalMs: 1000, timeoutMs: 25_000 })]));
    const { checks, began, maxAtOnce } = start(fakes, { hold: () => released.promise });
    await vi.advanceTimersByTimeAsync(5000);
    expect(began).toEqual(['a', 'b']);
    // A check that takes long no longer counts as starting, so another one can start.
    await vi.advanceTimersByTimeAsync(10_000);
    expect([began, maxAtOnce()]).toEqual([['a', 'b', 'c'], 3]);
    released.resolve();
    await checks.stop();
  });
});
