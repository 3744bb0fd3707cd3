import type { RedisClient } from '@podman-api/redis';
import { bounds, bucketOf, type Distribution } from './distribution.ts';
import { keys } from './keys.ts';

/** The fleet's counters since its Redis was new. */
export interface Totals {
  /** Ended jobs by operation, then by status. */
  readonly ends: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** Failed jobs by the type of their error. */
  readonly errors: ReadonlyMap<string, number>;
  /** Times from creation to start, by operation. */
  readonly waits: ReadonlyMap<string, Distribution>;
  /** Times from start to end, by operation. */
  readonly runs: ReadonlyMap<string, Distribution>;
  /** Times from creation to end of all jobs. */
  readonly took: Distribution;
}

/** An empty histogram. */
export const emptyDistribution: Distribution = { buckets: Array.from({ length: bounds.length + 1 }, () => 0), sum: 0 };

/** Reads the fleet's counters. */
export async function readTotals(redis: RedisClient): Promise<Totals> {
  return parseTotals(await redis.hgetall(keys.counters));
}

/** Parses the fields of the counters, see `additionsOf`. */
export function parseTotals(fields: Readonly<Record<string, string>>): Totals {
  const ends = new Map<string, Map<string, number>>();
  const errors = new Map<string, number>();
  const times = { wait: new Map<string, Distribution>(), run: new Map<string, Distribution>(), took: new Map<string, Distribution>() };
  for (const [field, text] of Object.entries(fields)) {
    const [kind, label = '', bucket = ''] = field.split(' ');
    const value = Number(text);
    if (kind === 'errors') errors.set(label, value);
    else if (kind === 'ends') ends.set(label, (ends.get(label) ?? new Map()).set(bucket, value));
    else if (kind === 'wait' || kind === 'run' || kind === 'took')
      times[kind].set(label, addCount(times[kind].get(label) ?? emptyDistribution, bucket, value));
  }
  return { ends, errors, waits: times.wait, runs: times.run, took: times.took.get('all') ?? emptyDistribution };
}

/** Adds a count to a histogram. A bound written by another version counts in the bucket of this version that contains it. */
function addCount({ buckets, sum }: Distribution, at: string, value: number): Distribution {
  if (at === 'sum_us') return { buckets, sum: sum + value / 1e6 };
  const index = at === 'more' ? bounds.length : bucketOf(Number(at));
  return { buckets: buckets.map((count, bucket) => (bucket === index ? count + value : count)), sum };
}
