import { afterEach, describe, expect, it, vi } from 'vitest';
import { createAnchoredClock } from '../src/tracing/otel/clock.ts';

afterEach(() => vi.restoreAllMocks());

describe('createAnchoredClock', () => {
  it('starts at the given time', () => {
    expect(createAnchoredClock(1_000_000_000_000).now()).toBeGreaterThanOrEqual(1_000_000_000_000);
  });

  it('continues when the time of the system is set back', () => {
    const clock = createAnchoredClock();
    const before = clock.now();
    vi.spyOn(Date, 'now').mockReturnValue(0);
    expect(clock.now()).toBeGreaterThanOrEqual(before);
  });
});
