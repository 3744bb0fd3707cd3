import { describe, expect, it } from 'vitest';
import type { EncodedEnd } from '../src/record/end.ts';
import { createRecentEnds } from '../src/worker/recent-ends.ts';

const job = {
  operation: 'container.exec',
  container: 'web',
  node: 'a',
  request_id: 'r',
  token: null,
  changes: true,
  created_at: '2026-01-05T09:00:00.000Z',
};
const outcome = { status: 'succeeded', finished_at: '2026-01-05T09:00:01.000Z' } as const;
const end = (id: string, size = 10): EncodedEnd => ({
  ended: { id, job, outcome, durationMs: 1 },
  scriptKeys: [],
  values: ['x'.repeat(size)],
  outputBytes: size,
});

describe('outcomes of recent jobs', () => {
  it('are remembered, the last one of each job', () => {
    const ends = createRecentEnds();
    ends.add(end('a'));
    const last = end('a', 20);
    ends.add(last);
    expect(ends.get('a')).toBe(last);
    expect(ends.all).toEqual([last]);
    expect(ends.get('b')).toBeUndefined();
  });

  it('are forgotten when they are old or too many, the oldest first', () => {
    let now = 0;
    const ends = createRecentEnds(() => now);
    ends.add(end('first'));
    now = 300_001;
    expect(ends.get('first')).toBeUndefined();
    for (let i = 0; i < 17; i += 1) ends.add(end(`large${i}`, 1024 ** 2));
    expect(ends.all.map(({ ended }) => ended.id)).toEqual(Array.from({ length: 16 }, (_, i) => `large${i + 1}`));
    for (let i = 0; i < 5001; i += 1) ends.add(end(`small${i}`, 1));
    expect(ends.all).toHaveLength(5000);
    expect(ends.get('small0')).toBeUndefined();
  });
});
