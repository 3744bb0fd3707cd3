import { keys } from '../names.ts';
import type { RedisClient } from '../redis.ts';
import { bounds, bucketOf, type Distribution } from './distribution.ts';

/** All ends that the fleet has counted since its Redis was new. */
export interface Totals {
  /** By operation, then by status. */
  readonly ends: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** How many have failed, by the type of their error. */
  readonly errors: ReadonlyMap<string, number>;
  /** How long jobs waited from when they were made until they began, by operation. */
  readonly waits: ReadonlyMap<string, Distribution>;
  /** How long they ran, by operation. */
  readonly runs: ReadonlyMap<string, Distribution>;
  /** How long all took from when they were made to their end. */
  readonly took: Distribution;
}

export const noTime: Distribution = { buckets: Array.from({ length: bounds.length + 1 }, () => 0), sum: 0 };

/** Reads the fleet's tally. */
export async function readTotals(redis: RedisClient): Promise<Totals> {
  return totalsIn(await redis.hgetall(keys.tally));
}

/** What the fields of the tally say, see `additionsOf`. */
export function totalsIn(fields: Readonly<Record<string, string>>): Totals {
  const ends = new Map<string, Map<string, number>>();
  const errors = new Map<string, number>();
  const times = { wait: new Map<string, Distribution>(), run: new Map<string, Distribution>(), took: new Map<string, Distribution>() };
  for (const [field, text] of Object.entries(fields)) {
    const [what, of = '', at = ''] = field.split(' ');
    const value = Number(text);
    if (what === 'errors') errors.set(of, value);
    else if (what === 'ends') ends.set(of, (ends.get(of) ?? new Map()).set(at, value));
    else if (what === 'wait' || what === 'run' || what === 'took') times[what].set(of, added(times[what].get(of) ?? noTime, at, value));
  }
  return { ends, errors, waits: times.wait, runs: times.run, took: times.took.get('all') ?? noTime };
}

/** A bound of another version's counts in the bucket that it falls into here. */
function added({ buckets, sum }: Distribution, at: string, value: number): Distribution {
  if (at === 'sum_us') return { buckets, sum: sum + value / 1e6 };
  const index = at === 'more' ? bounds.length : bucketOf(Number(at));
  return { buckets: buckets.map((count, bucket) => (bucket === index ? count + value : count)), sum };
}
