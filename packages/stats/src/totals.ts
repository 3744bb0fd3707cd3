import type { RedisClient } from '@podman-api/redis';
import { bucketBoundsSeconds, type DurationHistogram, findBucketIndex } from './duration-histogram.ts';
import { keys } from './keys.ts';

/** The fleet's counters since its Redis was created. */
export interface Totals {
  /** Finished jobs by operation, then by status. */
  readonly finishedJobs: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** Failed jobs by the type of their error. */
  readonly errors: ReadonlyMap<string, number>;
  /** Times from creation to start, by operation. */
  readonly waitTimes: ReadonlyMap<string, DurationHistogram>;
  /** Times from start to finish, by operation. */
  readonly runTimes: ReadonlyMap<string, DurationHistogram>;
  /** Times from creation to finish of all jobs. */
  readonly totalTimes: DurationHistogram;
}

/** An empty histogram. */
export const emptyHistogram: DurationHistogram = {
  buckets: Array.from({ length: bucketBoundsSeconds.length + 1 }, () => 0),
  sumSeconds: 0,
};

/** Reads the fleet's counters. */
export async function readTotals(redis: RedisClient): Promise<Totals> {
  return parseTotals(await redis.hgetall(keys.counters));
}

/** Parses the fields of the counters; see `toIncrements`. */
export function parseTotals(fields: Readonly<Record<string, string>>): Totals {
  const finishedJobs = new Map<string, Map<string, number>>();
  const errors = new Map<string, number>();
  const times = {
    wait: new Map<string, DurationHistogram>(),
    run: new Map<string, DurationHistogram>(),
    took: new Map<string, DurationHistogram>(),
  };
  for (const [field, text] of Object.entries(fields)) {
    const [kind, label = '', bucket = ''] = field.split(' ');
    const value = Number(text);
    if (kind === 'errors') errors.set(label, value);
    else if (kind === 'ends') finishedJobs.set(label, (finishedJobs.get(label) ?? new Map()).set(bucket, value));
    else if (kind === 'wait' || kind === 'run' || kind === 'took')
      times[kind].set(label, addCount(times[kind].get(label) ?? emptyHistogram, bucket, value));
  }
  return { finishedJobs, errors, waitTimes: times.wait, runTimes: times.run, totalTimes: times.took.get('all') ?? emptyHistogram };
}

/** Adds a count to a histogram. A bound that another version has written counts in the bucket that contains it. */
function addCount({ buckets, sumSeconds }: DurationHistogram, bound: string, value: number): DurationHistogram {
  if (bound === 'sum_us') return { buckets, sumSeconds: sumSeconds + value / 1e6 };
  const index = bound === 'more' ? bucketBoundsSeconds.length : findBucketIndex(Number(bound));
  return { buckets: buckets.map((count, bucket) => (bucket === index ? count + value : count)), sumSeconds };
}
