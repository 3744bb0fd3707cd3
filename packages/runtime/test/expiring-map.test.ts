import { collectGarbage } from '@podman-api/testing/garbage';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ExpiringMap } from '../src/expiring-map.ts';

const maxAgeMs = 1000;

describe('ExpiringMap', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
  afterEach(() => void vi.useRealTimers());

  it('returns a value until it expires', () => {
    const map = new ExpiringMap<string, number>(maxAgeMs);
    map.set('a', 1);
    vi.advanceTimersByTime(maxAgeMs);
    expect([map.get('a'), map.has('a'), map.has('b')]).toEqual([1, true, false]);
    vi.advanceTimersByTime(1);
    expect([map.get('a'), map.has('a')]).toEqual([undefined, false]);
  });

  it('keeps a value that is set again', () => {
    const map = new ExpiringMap<string, number>(maxAgeMs);
    map.set('a', 1);
    map.set('b', 1);
    vi.advanceTimersByTime(maxAgeMs);
    map.set('a', 2);
    vi.advanceTimersByTime(1);
    map.set('c', 3);
    expect(['a', 'b', 'c'].map(key => map.get(key))).toEqual([2, undefined, 3]);
    map.delete('a');
    expect(map.has('a')).toBe(false);
  });

  it('releases expired values whose keys never come back', async () => {
    const map = new ExpiringMap<string, object>(maxAgeMs);
    const add = (key: string) => {
      const value = { key };
      map.set(key, value);
      return new WeakRef(value);
    };
    const [first, second] = [add('first'), add('second')];
    vi.advanceTimersByTime(maxAgeMs + 1);
    const third = add('third');
    await collectGarbage();
    expect([first, second, third].map(one => one.deref() !== undefined)).toEqual([false, false, true]);
    expect(map.has('third')).toBe(true);
  });
});
