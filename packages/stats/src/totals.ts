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
  return totalsIn(await redis.hgetall(keys.counters));
}

/** Parses the fields of the counters, see `additionsOf`. */
export function totalsIn(fields: Readonly<Record<string, string>>): Totals {
  const ends = new Map<string, Map<string, number>>();
  const errors = new Map<string, number>();
  const times = { wait: new Map<string, Distribution>(), run: new Map<string, Distribution>(), took: new Map<string, Distribution>() };
  for (const [field, text] of Object.entries(fields)) {
    const [what, of = '', at = ''] = field.split(' ');
    const value = Number(text);
    if (what === 'errors') errors.set(of, value);
    else if (what === 'ends') ends.set(of, (ends.get(of) ?? new Map()).set(at, value));
    else if (what === 'wait' || what === 'run' || what === 'took')
      times[what].set(of, added(times[what].get(of) ?? emptyDistribution, at, value));
  }
  return { ends, errors, waits: times.wait, runs: times.run, took: times.took.get('all') ?? emptyDistribution };
}

/** Adds a count; a bound of another version counts in the bucket that it belongs to here. */
function added({ buckets, sum }: Distribution, at: string, value: number): Distribution {
  if (at === 'sum_us') return { buckets, sum: sum + value / 1e6 };
  const index = at === 'more' ? bounds.length : bucketOf(Number(at));
  return { buckets: buckets.map((count, bucket) => (bucket === index ? count + value : count)), sum };
}
