import { describe, expect, it } from 'vitest';
import { bucketBoundsSeconds, estimateQuantile } from '../src/duration-histogram.ts';
import { createSlice } from '../src/recent-slices.ts';
import { parseTotals } from '../src/totals.ts';

const buckets = (counts: Readonly<Record<string, number>>) => [...bucketBoundsSeconds.map(String), 'more'].map(bound => counts[bound] ?? 0);

describe('recent slices', () => {
  it('interpolates a quantile within its bucket', () => {
    expect(estimateQuantile(0.5, { buckets: buckets({ 0.5: 2, 1: 2 }), sumSeconds: 0 })).toBe(0.5);
    expect(estimateQuantile(0.75, { buckets: buckets({ 0.5: 2, 1: 2 }), sumSeconds: 0 })).toBe(0.75);
    expect(estimateQuantile(0.5, { buckets: buckets({ 0.0025: 4 }), sumSeconds: 0 })).toBe(0.00125);
    expect(estimateQuantile(0.95, { buckets: buckets({ more: 1 }), sumSeconds: 0 })).toBe(1800);
    expect(estimateQuantile(0.5, { buckets: buckets({}), sumSeconds: 0 })).toBeUndefined();
  });

  const before = {
    'ends container.exec succeeded': '5',
    'ends container.exec failed': '1',
    'took all 0.5': '6',
    'took all sum_us': '1500000',
  };
  const after = {
    ...before,
    'ends container.exec succeeded': '7',
    'ends container.exec failed': '2',
    'ends container.stop unknown': '1',
    'ends container.stop cancelled': '1',
    'took all 0.5': '8',
    'took all 1': '3',
  };
  const time = Date.parse('2026-01-05T09:30:00.000Z');

  it('has slices with what was counted in each and its duration', () => {
    expect(createSlice(parseTotals(before), parseTotals(after), time)).toEqual({
      time: '2026-01-05T09:30:00.000Z',
      seconds: 10,
      ended: 5,
      failed: 2,
      p50_ms: 583.3,
      p95_ms: 958.3,
    });
    expect(createSlice(parseTotals(after), parseTotals(after), time)).toMatchObject({ ended: 0, failed: 0, p50_ms: null, p95_ms: null });
  });

  it('is undefined if Redis lost counts', () => {
    expect(createSlice(parseTotals(after), parseTotals(before), time)).toBeUndefined();
    expect(createSlice(parseTotals(after), parseTotals({}), time)).toBeUndefined();
  });

  it('counts the bucket of another version where it belongs', () => {
    expect(
      parseTotals({ 'run container.exec 0.3': '2', 'run container.exec more': '1', 'run container.exec sum_us': '1500' }).runTimes,
    ).toEqual(new Map([['container.exec', { buckets: buckets({ 0.5: 2, more: 1 }), sumSeconds: 0.0015 }]]));
  });
});
