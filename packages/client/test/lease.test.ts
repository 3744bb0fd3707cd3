import { afterEach, expect, test, vi } from 'vitest';
import { keepAlive } from '../src/cli/commands/run/lease.ts';
import { createClient } from '../src/index.ts';

afterEach(() => {
  vi.useRealTimers();
});

test('a lease is renewed thrice in its time, after a renewal that failed as well, until it is let go', async () => {
  vi.useFakeTimers();
  const client = createClient({}, {});
  const renew = vi.spyOn(client.containers, 'renew').mockRejectedValue(new Error('away'));
  const letGo = keepAlive(client, 'c', 300);
  await vi.advanceTimersByTimeAsync(300_000);
  expect(renew.mock.calls).toEqual(Array(3).fill(['c', { ttl: 300 }]));
  letGo();
  await vi.advanceTimersByTimeAsync(300_000);
  expect(renew).toHaveBeenCalledTimes(3);
});
