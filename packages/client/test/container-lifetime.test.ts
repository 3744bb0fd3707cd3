import { afterEach, describe, expect, it, vi } from 'vitest';
import { renewPeriodically } from '../src/cli/commands/run/container-lifetime.ts';
import { createClient } from '../src/index.ts';

afterEach(() => {
  vi.useRealTimers();
});

describe('renewPeriodically', () => {
  it('renews the time to live three times within it, also after a failure, until it is stopped', async () => {
    vi.useFakeTimers();
    const client = createClient({}, {});
    const renew = vi.spyOn(client.containers, 'renew').mockRejectedValue(new Error('unreachable'));
    const stopRenewing = renewPeriodically(client, 'c', 300);
    await vi.advanceTimersByTimeAsync(300_000);
    expect(renew.mock.calls).toEqual(Array(3).fill(['c', { ttl: 300 }]));
    stopRenewing();
    await vi.advanceTimersByTimeAsync(300_000);
    expect(renew).toHaveBeenCalledTimes(3);
  });
});
