import { errorTypes } from '@podman-api/errors';
import { describe, expect, it } from 'vitest';
import { type CountedJob, measureJob, toIncrements } from '../src/counted-job.ts';
import { bucketBoundsSeconds } from '../src/duration-histogram.ts';
import { type Batch, createJobCounter } from '../src/job-counter.ts';

const operations = new Set(['container.exec', 'container.create', 'container.list']);
const statuses = ['succeeded', 'failed', 'timed_out', 'cancelled', 'withdrawn', 'unknown'];

const job = { operation: 'container.exec', created_at: '2026-01-05T09:00:00.000Z' };
const finished_at = '2026-01-05T09:00:01.500Z';
const failed = { status: 'failed', error: { message: 'No.', code: 404, type: 'NotFoundError' }, finished_at } as const;

describe('job counter', () => {
  it('counts outcome, error and durations of a job by operation, without names of nodes or containers', () => {
    expect(toIncrements(measureJob({ job, outcome: failed, durationMs: 1200.25 }, operations))).toEqual([
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
    const measurement = measureJob(
      { job: { ...job, operation: 'made.up' }, outcome: { ...failed, status: 'withdrawn' }, durationMs: null },
      operations,
    );
    expect(toIncrements(measurement).map(([field]) => field)).toEqual(['ends other withdrawn', 'took all 2.5', 'took all sum_us']);
  });

  it('counts no negative time if clocks differ', () => {
    expect(
      measureJob({ job: { ...job, created_at: '2026-01-05T09:00:02.000Z' }, outcome: failed, durationMs: 3 }, operations),
    ).toMatchObject({
      totalMs: 3,
    });
    expect(measureJob({ job: { ...job, created_at: 'yesterday' }, outcome: failed, durationMs: null }, operations)).toMatchObject({
      totalMs: 0,
    });
  });

  it('counts a time on a bound in its bucket, and times beyond the last bound', () => {
    const findBucket = (ms: number) =>
      toIncrements(measureJob({ job: { ...job, created_at: finished_at }, outcome: failed, durationMs: ms }, operations)).map(
        ([field]) => field,
      )[4];
    expect(findBucket(250)).toBe('run container.exec 0.25');
    expect(findBucket(250.1)).toBe('run container.exec 0.5');
    expect(findBucket(3_600_000)).toBe('run container.exec more');
  });

  it('has a bounded number of fields', () => {
    const lengths = [0, ...bucketBoundsSeconds.map(bound => bound * 1000 + 1)];
    const fields = [...operations, 'other'].flatMap(operation => [
      ...statuses.map(status => `ends ${operation} ${status}`),
      ...lengths.flatMap(runMs =>
        toIncrements({ operation, status: 'succeeded', error: undefined, runMs, totalMs: runMs * 2 }).map(([field]) => field),
      ),
    ]);
    expect(new Set([...fields, ...Object.keys(errorTypes).map(type => `errors ${type}`)]).size).toBeLessThanOrEqual(
      50 * (operations.size + 1),
    );
  });

  /** Creates a counter that sends its batches to a list; they fail while `redis.isAvailable` is false. */
  function createCounter() {
    const added: Batch[] = [];
    const attempted: Batch[] = [];
    const redis = { isAvailable: true };
    const counter = createJobCounter(operations, async batch => {
      attempted.push(batch);
      if (!redis.isAvailable) throw new Error('unavailable');
      added.push(batch);
    });
    const sum = (field: string) => added.reduce((total, { counts }) => total + (counts.get(field) ?? 0), 0);
    return { counter, added, attempted, redis, sum };
  }
  const finishJob = (): CountedJob => ({
    job,
    outcome: { status: 'succeeded', finished_at: '2026-01-05T09:00:00.002Z' },
    durationMs: 1,
  });
  const field = 'ends container.exec succeeded';

  it('sends new counts only', async () => {
    const { counter, added, sum } = createCounter();
    await counter.flush();
    expect(added).toEqual([]);
    counter.count(finishJob());
    counter.count(finishJob());
    await counter.flush();
    counter.count(finishJob());
    await counter.flush();
    expect(added.map(({ number, counts }) => [number, counts.get(field)])).toEqual([
      [1, 2],
      [2, 1],
    ]);
    expect(sum('took all sum_us')).toBe(6000);
  });

  it('counts the same outcome once', async () => {
    const { counter, sum } = createCounter();
    const same = finishJob();
    counter.count(same);
    await counter.flush();
    counter.count(same);
    await counter.flush();
    expect(sum(field)).toBe(1);
  });

  it('resends a failed batch under its number, before newer counts', async () => {
    const { counter, added, attempted, redis, sum } = createCounter();
    redis.isAvailable = false;
    counter.count(finishJob());
    await expect(counter.flush()).rejects.toThrow('unavailable');
    counter.count(finishJob());
    await expect(counter.flush()).rejects.toThrow('unavailable');
    redis.isAvailable = true;
    await counter.flush();
    expect(attempted.map(({ number }) => number)).toEqual([1, 1, 1, 2]);
    expect(added.map(({ number }) => number)).toEqual([1, 2]);
    expect(sum(field)).toBe(2);
  });

  it('sends no batch twice in concurrent flushes', async () => {
    const { counter, added } = createCounter();
    counter.count(finishJob());
    await Promise.all([counter.flush(), counter.flush()]);
    expect(added).toHaveLength(1);
  });
});
