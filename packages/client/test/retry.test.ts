import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { UnreachableError } from '../src/errors.ts';
import { retry } from '../src/http/retry.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance', 'Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Returns a function that fails twice, each time after this process was stopped for a while. */
function failTwice(stopMs: number) {
  let attempts = 0;
  return async () => {
    attempts += 1;
    if (attempts > 2) return 'done';
    vi.advanceTimersByTime(stopMs);
    throw new UnreachableError(`failure ${attempts}`, true);
  };
}

describe('retry', () => {
  it('counts the time for retries from the first failure, because the process may have been stopped before', async () => {
    expect(await retry(failTwice(90_000), { timeoutMs: 100_000, onRetry() {} })).toBe('done');
  });

  it('makes no attempt after the maximum age, at which the API may have forgotten the Idempotency-Key', async () => {
    const options = { timeoutMs: 100_000, maxAgeMs: 60_000, onRetry() {} };
    await expect(retry(failTwice(90_000), options)).rejects.toThrow('failure 1');
  });

  it('throws the last error once the time is over', async () => {
    await expect(retry(failTwice(90_000), { timeoutMs: 60_000, onRetry() {} })).rejects.toThrow('failure 2');
  });
});
