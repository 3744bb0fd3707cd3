export { bucketBoundsSeconds, countDurations, type DurationHistogram } from './duration-histogram.ts';
export { createFleetJobCounter } from './job-counter.ts';
export { type RecentSlices, type Slice, watchRecentSlices } from './recent-slices.ts';
export { emptyHistogram, readTotals, type Totals } from './totals.ts';
