import { errorTypes } from '@podman-api/errors';
import { find, operations } from '@podman-api/operations';
import { describe, expect, it } from 'vitest';
import { endStatuses } from '../../src/job.ts';
import { bounds } from '../../src/tally/distribution.ts';
import { additionsOf, type Ended, endedOf } from '../../src/tally/ended.ts';
import { type Batch, createTally } from '../../src/tally/tally.ts';

const birth = {
  operation: 'container.exec',
  container: 'web',
  node: 'host-7',
  request_id: 'r',
  token: null,
  changes: true,
  created_at: '2026-01-05T09:00:00.000Z',
};
const finished_at = '2026-01-05T09:00:01.500Z';
const failed = { status: 'failed', error: { message: 'No.', code: 404, type: 'NotFoundError' }, finished_at } as const;

describe('tally', () => {
  it('counts outcome, error and durations of a job by operation, without names of nodes or containers', () => {
    expect(additionsOf(endedOf(birth, failed, 1200.25))).toEqual([
      ['ends container.exec failed', 1],
      ['errors NotFoundError', 1],
      ['wait container.exec 0.5', 1],
      ['wait container.exec sum_us', 299_750],
      ['run container.exec 2.5', 1],
      ['run container.exec sum_us', 1_200_250],
      ['took all 2.5', 1],
      ['took all sum_us', 1_500_000],
    ]);
  });

  it('counts no run time for a job that never ran, no failure for a withdrawn one, and unknown operations as other', () => {
    const ended = endedOf({ ...birth, operation: 'made.up' }, { ...failed, status: 'withdrawn' }, null);
    expect(additionsOf(ended).map(([field]) => field)).toEqual(['ends other withdrawn', 'took all 2.5', 'took all sum_us']);
  });

  it('counts no negative time if clocks differ', () => {
    expect(endedOf({ ...birth, created_at: '2026-01-05T09:00:02.000Z' }, failed, 3)).toMatchObject({ took: 3 });
    expect(endedOf({ ...birth, created_at: 'yesterday' }, failed, null)).toMatchObject({ took: 0 });
  });

  it('counts a time on a bound in its bucket, and times beyond the last bound', () => {
    const bucketOf = (ms: number) => additionsOf(endedOf({ ...birth, created_at: finished_at }, failed, ms)).map(([field]) => field)[4];
    expect(bucketOf(250)).toBe('run container.exec 0.25');
    expect(bucketOf(250.1)).toBe('run container.exec 0.5');
    expect(bucketOf(3_600_000)).toBe('run container.exec more');
  });

  it('has a bounded number of fields', () => {
    const lengths = [0, ...bounds.map(bound => bound * 1000 + 1)];
    const fields = [...operations.map(({ name }) => name), find.name, 'other'].flatMap(operation => [
      ...endStatuses.map(status => `ends ${operation} ${status}`),
      ...lengths.flatMap(ran =>
        additionsOf({ operation, status: 'succeeded', error: undefined, ran, took: ran * 2 }).map(([field]) => field),
      ),
    ]);
    expect(new Set([...fields, ...Object.keys(errorTypes).map(type => `errors ${type}`)]).size).toBeLessThanOrEqual(
      50 * (operations.length + 2),
    );
  });

  /** A tally that is sent to a list, unless that is away. */
  function tallied() {
    const added: Batch[] = [];
    const tried: Batch[] = [];
    const redis = { away: false };
    const tally = createTally(async batch => {
      tried.push(batch);
      if (redis.away) throw new Error('away');
      added.push(batch);
    });
    const sum = (field: string) => added.reduce((total, { counts }) => total + (counts.get(field) ?? 0), 0);
    return { tally, added, tried, redis, sum };
  }
  const end = (): Ended => ({ operation: 'container.exec', status: 'succeeded', error: undefined, ran: 1, took: 2 });
  const field = 'ends container.exec succeeded';

  it('sends what is new, and nothing if nothing is', async () => {
    const { tally, added, sum } = tallied();
    await tally.flush();
    expect(added).toEqual([]);
    tally.count(end());
    tally.count(end());
    await tally.flush();
    tally.count(end());
    await tally.flush();
    expect(added.map(({ number, counts }) => [number, counts.get(field)])).toEqual([
      [1, 2],
      [2, 1],
    ]);
    expect(sum('took all sum_us')).toBe(6000);
  });

  it('counts the same outcome once', async () => {
    const { tally, sum } = tallied();
    const same = end();
    tally.count(same);
    await tally.flush();
    tally.count(same);
    await tally.flush();
    expect(sum(field)).toBe(1);
  });

  it('resends a failed batch under its number, before newer counts', async () => {
    const { tally, added, tried, redis, sum } = tallied();
    redis.away = true;
    tally.count(end());
    await expect(tally.flush()).rejects.toThrow('away');
    tally.count(end());
    await expect(tally.flush()).rejects.toThrow('away');
    redis.away = false;
    await tally.flush();
    expect(tried.map(({ number }) => number)).toEqual([1, 1, 1, 2]);
    expect(added.map(({ number }) => number)).toEqual([1, 2]);
    expect(sum(field)).toBe(2);
  });

  it('sends nothing twice in concurrent flushes', async () => {
    const { tally, added } = tallied();
    tally.count(end());
    await Promise.all([tally.flush(), tally.flush()]);
    expect(added).toHaveLength(1);
  });
});
