/** Upper bounds of the buckets that times are counted in, in seconds; one bucket more has what took longer. */
export const bounds: readonly number[] = [0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800];

/** How many times were how long. */
export interface Distribution {
  /** How many fell into each bucket, by `bounds`, and how many were longer. */
  readonly buckets: readonly number[];
  /** All of them together, in seconds. */
  readonly sum: number;
}

/** The bucket that a time belongs to; its bound, as it stands in Redis, is one too. */
export function bucketOf(seconds: number): number {
  const index = bounds.findIndex(bound => seconds <= bound);
  return index === -1 ? bounds.length : index;
}

export function countOf({ buckets }: Distribution): number {
  return buckets.reduce((sum, count) => sum + count, 0);
}

/**
 * About what time a part of all have not exceeded, as Prometheus's `histogram_quantile` has it: those of a bucket are
 * taken to lie evenly in it, and what is beyond the last bound to lie on it.
 * @param part 0.95 for the 95th percentile
 * @returns seconds; nothing where there are none
 */
export function quantile(part: number, distribution: Distribution): number | undefined {
  const rank = part * countOf(distribution);
  let below = 0;
  for (const [index, count] of distribution.buckets.entries()) {
    const upper = bounds[index] ?? bounds.at(-1) ?? 0;
    const lower = index === 0 ? 0 : (bounds[index - 1] ?? upper);
    if (count > 0 && below + count >= rank) return lower + (upper - lower) * ((rank - below) / count);
    below += count;
  }
  return undefined;
}
