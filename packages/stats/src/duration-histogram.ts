/** Upper bounds of the buckets, in seconds. One more bucket counts longer durations. */
export const bucketBoundsSeconds: readonly number[] = [0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800];

/** A histogram of durations. */
export interface DurationHistogram {
  /** Counts for each bucket of `bucketBoundsSeconds`, then the count of longer durations. */
  readonly buckets: readonly number[];
  /** Sum of all durations. */
  readonly sumSeconds: number;
}

/** Returns the index of the bucket of a duration; a duration equal to a bound belongs to the bucket below it. */
export function findBucketIndex(seconds: number): number {
  const index = bucketBoundsSeconds.findIndex(bound => seconds <= bound);
  return index === -1 ? bucketBoundsSeconds.length : index;
}

/** Returns the number of durations in a histogram. */
export function countDurations({ buckets }: DurationHistogram): number {
  return buckets.reduce((sum, count) => sum + count, 0);
}

/**
 * Estimates a quantile as Prometheus's `histogram_quantile` does: by linear interpolation in the bucket. Durations beyond the
 * last bound count as that bound.
 * @param fraction 0.95 for the 95th percentile
 * @returns seconds; `undefined` if there are no durations
 */
export function estimateQuantile(fraction: number, histogram: DurationHistogram): number | undefined {
  const rank = fraction * countDurations(histogram);
  let below = 0;
  for (const [index, count] of histogram.buckets.entries()) {
    const upperSeconds = bucketBoundsSeconds[index] ?? bucketBoundsSeconds.at(-1) ?? 0;
    const lowerSeconds = index === 0 ? 0 : (bucketBoundsSeconds[index - 1] ?? upperSeconds);
    if (count > 0 && below + count >= rank) return lowerSeconds + (upperSeconds - lowerSeconds) * ((rank - below) / count);
    below += count;
  }
  return undefined;
}
