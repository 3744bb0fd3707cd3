import { describe, expect, it } from 'vitest';
import type { PreparedOutcome } from '../src/record/end.ts';
import { createRecentOutcomes } from '../src/worker/recent-outcomes.ts';

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
const prepared = (id: string, size = 10): PreparedOutcome => ({
  ended: { id, job, outcome, durationMs: 1 },
  scriptKeys: [],
  values: ['x'.repeat(size)],
  outputBytes: size,
});

describe('outcomes of recent jobs', () => {
  it('are remembered, the last one of each job', () => {
    const outcomes = createRecentOutcomes();
    outcomes.add(prepared('a'));
    const last = prepared('a', 20);
    outcomes.add(last);
    expect(outcomes.get('a')).toBe(last);
    expect(outcomes.all).toEqual([last]);
    expect(outcomes.get('b')).toBeUndefined();
  });

  it('are forgotten when they are old or too many, the oldest first', () => {
    let now = 0;
    const outcomes = createRecentOutcomes(() => now);
    outcomes.add(prepared('first'));
    now = 300_001;
    expect(outcomes.get('first')).toBeUndefined();
    for (let i = 0; i < 17; i += 1) outcomes.add(prepared(`large${i}`, 1024 ** 2));
    expect(outcomes.all.map(({ ended }) => ended.id)).toEqual(Array.from({ length: 16 }, (_, i) => `large${i + 1}`));
    for (let i = 0; i < 5001; i += 1) outcomes.add(prepared(`small${i}`, 1));
    expect(outcomes.all).toHaveLength(5000);
    expect(outcomes.get('small0')).toBeUndefined();
  });
});
