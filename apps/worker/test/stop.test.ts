import { afterEach, describe, expect, it, vi } from 'vitest';
import { stopWithin } from '../src/stop.ts';

afterEach(() => void vi.useRealTimers());

describe('stopWithin', () => {
  it('waits at the deadline until a job that ends slowly has ended, and closes the connections then', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const steps: string[] = [];
    const ended = Promise.withResolvers<void>();
    const consumer = {
      drain: () => ended.promise,
      cancelAll() {
        steps.push('cancelled');
        setTimeout(() => {
          steps.push('ended');
          ended.resolve();
        }, 20_000);
      },
    };
    const stopping = stopWithin(1000, consumer, async () => void steps.push('closed'));
    await vi.advanceTimersByTimeAsync(60_000);
    await stopping;
    expect(steps).toEqual(['cancelled', 'ended', 'closed']);
  });

  it('closes the connections if a job does not end', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const close = vi.fn(async () => {});
    const stopping = stopWithin(1000, { drain: () => new Promise(() => {}), cancelAll: () => {} }, close);
    await vi.advanceTimersByTimeAsync(60_000);
    await stopping;
    expect(close).toHaveBeenCalledOnce();
  });
});
