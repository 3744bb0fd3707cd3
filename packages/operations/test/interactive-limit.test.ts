import { describe, expect, it } from 'vitest';
import { InteractiveLimit } from '../src/container/terminal/interactive-limit.ts';

/** Runs commands that do not end until `end` is called. */
function runMany(limit: InteractiveLimit, token: string | null, count: number) {
  const ended = Promise.withResolvers<void>();
  const runs = Array.from({ length: count }, () => limit.run({ token }, () => ended.promise));
  return { runs: Promise.all(runs), end: ended.resolve };
}

describe('the limit on interactive commands', () => {
  it('is 75 for a token, and 100 for a worker', async () => {
    const limit = new InteractiveLimit();
    const greedy = runMany(limit, 'greedy', 75);
    await expect(limit.run({ token: 'greedy' }, async () => 'ran')).rejects.toThrow('The token has 75 on this worker');
    const other = runMany(limit, 'other', 25);
    await expect(limit.run({ token: 'third' }, async () => 'ran')).rejects.toMatchObject({ status: 503 });
    greedy.end();
    await greedy.runs;
    expect(await limit.run({ token: 'greedy' }, async () => 'ran')).toBe('ran');
    other.end();
    await other.runs;
  });

  it('is 100 if no tokens are used', async () => {
    const limit = new InteractiveLimit();
    const all = runMany(limit, null, 100);
    await expect(limit.run({ token: null }, async () => 'ran')).rejects.toThrow('The worker has 100');
    all.end();
    await all.runs;
  });
});
