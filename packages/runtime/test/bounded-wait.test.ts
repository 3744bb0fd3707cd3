import { describe, expect, it } from 'vitest';
import { rejectOnAbort, waitAtMost } from '../src/bounded-wait.ts';

const never = new Promise<never>(() => {});
const longMs = 1_000_000;

describe('within', () => {
  it('returns the value of a promise that settles in time', async () => {
    expect(await waitAtMost(longMs, Promise.resolve('value'))).toBe('value');
    await expect(waitAtMost(longMs, Promise.reject(new Error('failed')))).rejects.toThrow('failed');
  });

  it('returns undefined after the timeout', async () => {
    expect(await waitAtMost(1, never)).toBeUndefined();
  });
});

describe('untilAborted', () => {
  const createTimeoutError = () => new Error('not in time');

  it('returns the value of a promise that settles before the signal is aborted', async () => {
    const { signal } = new AbortController();
    expect(await rejectOnAbort(Promise.resolve('value'), signal, createTimeoutError)).toBe('value');
    await expect(rejectOnAbort(Promise.reject(new Error('failed')), signal, createTimeoutError)).rejects.toThrow('failed');
  });

  it('throws the given error when the signal is aborted, before or during the wait', async () => {
    await expect(rejectOnAbort(never, AbortSignal.abort(), createTimeoutError)).rejects.toThrow('not in time');
    const controller = new AbortController();
    const waiting = rejectOnAbort(never, controller.signal, createTimeoutError);
    controller.abort();
    await expect(waiting).rejects.toThrow('not in time');
  });
});
