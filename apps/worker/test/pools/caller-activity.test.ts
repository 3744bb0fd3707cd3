import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createCallerActivity } from '../../src/pools/caller-activity.ts';

function useFakeTime(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] });
  onTestFinished(() => void vi.useRealTimers());
}
const never = new AbortController().signal;

/** Returns when work ran, in ms after the call; `undefined` if it did not within a time. */
async function measureTurn(activity: ReturnType<typeof createCallerActivity>, limitMs: number): Promise<number | undefined> {
  const startedAt = performance.now();
  let ranAt: number | undefined;
  const controller = new AbortController();
  const turn = activity
    .runInTurn(async () => {
      ranAt = performance.now() - startedAt;
    }, controller.signal)
    .catch(() => {});
  await vi.advanceTimersByTimeAsync(limitMs);
  controller.abort();
  await vi.advanceTimersByTimeAsync(100);
  await turn;
  return ranAt;
}

describe('runInTurn', () => {
  it('runs at once if no caller has a job', async () => {
    useFakeTime();
    expect(await measureTurn(createCallerActivity(2), 100)).toBe(0);
  });

  it('waits for short jobs of callers, but not for jobs of the lane for waits', async () => {
    useFakeTime();
    const activity = createCallerActivity(2);
    activity.begin('waits');
    expect(await measureTurn(activity, 100)).toBe(0);
    const end = activity.begin('commands');
    expect(await measureTurn(activity, 1000)).toBeUndefined();
    end();
    expect(await measureTurn(activity, 1000)).toBeGreaterThanOrEqual(50);
    expect(await measureTurn(activity, 100)).toBe(0);
  });

  it('does not interrupt a caller that sends one request after the other, for a second', async () => {
    useFakeTime();
    const activity = createCallerActivity(2);
    const timer = setInterval(() => activity.begin('commands')(), 10);
    activity.begin('commands')();
    expect(await measureTurn(activity, 990)).toBeUndefined();
    expect(await measureTurn(activity, 1100)).toBeGreaterThan(1000);
    clearInterval(timer);
  });

  it('does not wait for a job that runs for long', async () => {
    useFakeTime();
    const activity = createCallerActivity(2);
    activity.begin('commands');
    expect(await measureTurn(activity, 3000)).toBeGreaterThanOrEqual(2000);
  });

  it.each([
    ['runs after five seconds beside short jobs while a worker is free', 2, expect.any(Number)],
    ['does not run while all workers have short jobs', 1, undefined],
  ])('%s', async (_name, maxWorkers, expected) => {
    useFakeTime();
    const activity = createCallerActivity(maxWorkers);
    let end = activity.begin('commands');
    const replaceJob = () => {
      const next = activity.begin('commands');
      end();
      end = next;
      timer = setTimeout(replaceJob, 50);
    };
    let timer = setTimeout(replaceJob, 50);
    expect(await measureTurn(activity, 6000)).toEqual(expected);
    clearTimeout(timer);
  });

  it('pauses for four times the duration of its last work while callers have jobs', async () => {
    useFakeTime();
    const activity = createCallerActivity(2);
    const work = activity.runInTurn(async () => {
      activity.begin('commands')();
      await new Promise<void>(resolve => setTimeout(resolve, 100));
    }, never);
    await vi.advanceTimersByTimeAsync(100);
    await work;
    expect(await measureTurn(activity, 1000)).toBeGreaterThanOrEqual(400);
  });
});
