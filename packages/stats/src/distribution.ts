/** Upper bounds of the buckets of durations, in seconds; one more bucket counts what took longer. */
export const bounds: readonly number[] = [0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800];

/** A histogram of durations. */
export interface Distribution {
  /** Counts by bucket of `bounds`, then the count of longer durations. */
  readonly buckets: readonly number[];
  /** The sum of all durations, in seconds. */
  readonly sum: number;
}

/** Returns the index of the bucket of a duration; a duration on a bound belongs to the bucket below it. */
export function bucketOf(seconds: number): number {
  const index = bounds.findIndex(bound => seconds <= bound);
  return index === -1 ? bounds.length : index;
}

/** Returns how many durations a histogram has. */
export function countOf({ buckets }: Distribution): number {
  return buckets.reduce((sum, count) => sum + count, 0);
}

/**
 * Estimates a quantile as Prometheus's `histogram_quantile` does: durations are taken to lie evenly in their bucket, and those
 * beyond the last bound to lie on it.
 * @param fraction 0.95 for the 95th percentile
 * @returns seconds; `undefined` if there are no durations
 */
export function quantile(fraction: number, distribution: Distribution): number | undefined {
  const rank = fraction * countOf(distribution);
  let below = 0;
  for (const [index, count] of distribution.buckets.entries()) {
    const upper = bounds[index] ?? bounds.at(-1) ?? 0;
    const lower = index === 0 ? 0 : (bounds[index - 1] ?? upper);
    if (count > 0 && below + count >= rank) return lower + (upper - lower) * ((rank - below) / count);
    below += count;
  }
  return undefined;
}
