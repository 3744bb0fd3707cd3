import { describe, expect, it } from 'vitest';
import type { WrittenEnd } from '../src/record/end.ts';
import { rememberEnds } from '../src/worker/told.ts';

const end = (id: string, size = 10): WrittenEnd => ({
  id,
  touched: [],
  values: ['x'.repeat(size)],
  claim: undefined,
  unmade: undefined,
  bytes: size,
  logged: 0,
  ended: { operation: 'container.exec', status: 'succeeded', error: undefined, ran: 1, took: 2 },
});

describe('outcomes of recent jobs', () => {
  it('are remembered, the last one of each job', () => {
    const told = rememberEnds();
    told.note(end('a'));
    const last = end('a', 20);
    told.note(last);
    expect(told.of('a')).toBe(last);
    expect(told.all).toEqual([last]);
    expect(told.of('b')).toBeUndefined();
  });

  it('are forgotten when they are old or too many, the oldest first', () => {
    let now = 0;
    const told = rememberEnds(() => now);
    told.note(end('first'));
    now = 300_001;
    expect(told.of('first')).toBeUndefined();
    for (let i = 0; i < 17; i += 1) told.note(end(`large${i}`, 1024 ** 2));
    expect(told.all.map(({ id }) => id)).toEqual(Array.from({ length: 16 }, (_, i) => `large${i + 1}`));
    for (let i = 0; i < 5001; i += 1) told.note(end(`small${i}`, 1));
    expect(told.all).toHaveLength(5000);
    expect(told.of('small0')).toBeUndefined();
  });
});
