import type { RedisClient } from '@podman-api/redis';
import { failureStatuses } from './counted-job.ts';
import { countDurations, type DurationHistogram, estimateQuantile } from './duration-histogram.ts';
import { readTotals, type Totals } from './totals.ts';

const sliceSeconds = 10;
const maxSlices = 60;
/** A read that is late by more than this, because the process got no CPU time, is discarded: its slice would be too long. */
const maxReadDelayMs = 1000;

/** Jobs of the whole fleet that finished in one interval. */
export interface Slice {
  /** End of the slice, ISO 8601. */
  readonly time: string;
  readonly seconds: number;
  /** Number of finished jobs, whatever their status. */
  readonly ended: number;
  /** Number of jobs with the status failed, timed_out or unknown. */
  readonly failed: number;
  /** Quantiles of the times from creation to finish; `null` if no job finished. */
  readonly p50_ms: number | null;
  readonly p95_ms: number | null;
}

/** Slices of the last ten minutes, or of the time since this process started if that is shorter. */
export interface RecentSlices {
  /** Oldest first, without slices of times in which Redis was unavailable. */
  readonly slices: readonly Slice[];
  stop(): void;
}

/** Reads the counters at each multiple of ten seconds of the clock, so that all API processes report the same slices. */
export function watchRecentSlices(redis: RedisClient): RecentSlices {
  let slices: readonly Slice[] = [];
  let before: { readonly totals: Totals; readonly timeMs: number } | undefined;
  let timer: NodeJS.Timeout;
  const sliceMs = sliceSeconds * 1000;
  const read = async (timeMs: number) => {
    const isOnTime = Date.now() - timeMs < maxReadDelayMs;
    const totals = isOnTime ? await readTotals(redis).catch(() => undefined) : undefined;
    const slice = totals && before?.timeMs === timeMs - sliceMs ? createSlice(before.totals, totals, timeMs) : undefined;
    before = totals && { totals, timeMs };
    if (slice) slices = [...slices, slice].slice(-maxSlices);
  };
  const scheduleNext = () => {
    const timeMs = (Math.floor(Date.now() / sliceMs) + 1) * sliceMs;
    timer = setTimeout(
      () => {
        scheduleNext();
        void read(timeMs);
      },
      Math.max(timeMs - Date.now(), 0),
    );
  };
  scheduleNext();
  return {
    get slices() {
      return slices;
    },
    stop: () => clearTimeout(timer),
  };
}

/**
 * Returns the difference of two readings of the counters.
 * @param timeMs end of the slice, in ms since 1970
 * @returns `undefined` if Redis lost counts in between
 */
export function createSlice(before: Totals, after: Totals, timeMs: number): Slice | undefined {
  const durations = subtract(before.totalTimes, after.totalTimes);
  if (durations.buckets.some(count => count < 0)) return undefined;
  const quantileMs = (fraction: number) => {
    const seconds = estimateQuantile(fraction, durations);
    return seconds === undefined ? null : Math.round(seconds * 10_000) / 10;
  };
  return {
    time: new Date(timeMs).toISOString(),
    seconds: sliceSeconds,
    ended: countDurations(durations),
    failed: Math.max(countFailed(after) - countFailed(before), 0),
    p50_ms: quantileMs(0.5),
    p95_ms: quantileMs(0.95),
  };
}

function subtract(before: DurationHistogram, after: DurationHistogram): DurationHistogram {
  return {
    buckets: after.buckets.map((count, index) => count - (before.buckets[index] ?? 0)),
    sumSeconds: after.sumSeconds - before.sumSeconds,
  };
}

function countFailed({ finishedJobs }: Totals): number {
  return [...finishedJobs.values()]
    .flatMap(byStatus => [...failureStatuses].map(status => byStatus.get(status) ?? 0))
    .reduce((sum, count) => sum + count, 0);
}
