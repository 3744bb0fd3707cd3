export { bounds, countOf, type Distribution } from './distribution.ts';
export { countJobs } from './job-counter.ts';
export { type RecentSlices, type Slice, watchRecentSlices } from './recent-slices.ts';
export { emptyDistribution, readTotals, type Totals } from './totals.ts';
