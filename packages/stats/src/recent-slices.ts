import type { RedisClient } from '@podman-api/redis';
import { failureStatuses } from './counted-job.ts';
import { countOf, type Distribution, quantile } from './distribution.ts';
import { readTotals, type Totals } from './totals.ts';

const sliceSeconds = 10;
const maxSlices = 60;
/** A process without CPU that reads later than this has measured no slice of that length. */
const maxDelayMs = 1000;

/** The jobs of the whole fleet that ended within some seconds. */
export interface Slice {
  /** The end of the slice, ISO 8601. */
  readonly time: string;
  readonly seconds: number;
  readonly ended: number;
  /** Those with the status failed, timed_out or unknown. */
  readonly failed: number;
  /** Quantiles of the times from creation to end; `null` if no job ended. */
  readonly p50_ms: number | null;
  readonly p95_ms: number | null;
}

/** The slices of the last ten minutes since this process started. */
export interface RecentSlices {
  /** The oldest first; there is none for a time in which Redis was unavailable. */
  readonly slices: readonly Slice[];
  stop(): void;
}

/** Reads the counters at the end of each slice, which is on the full ten seconds of the clock: all API processes report the same. */
export function watchRecentSlices(redis: RedisClient): RecentSlices {
  let slices: readonly Slice[] = [];
  let before: { readonly totals: Totals; readonly time: number } | undefined;
  let timer: NodeJS.Timeout;
  const lengthMs = sliceSeconds * 1000;
  const read = async (time: number) => {
    const onTime = Date.now() - time < maxDelayMs;
    const totals = onTime ? await readTotals(redis).catch(() => undefined) : undefined;
    const slice = totals && before?.time === time - lengthMs ? sliceOf(before.totals, totals, time) : undefined;
    before = totals && { totals, time };
    if (slice) slices = [...slices, slice].slice(-maxSlices);
  };
  const wait = () => {
    const time = (Math.floor(Date.now() / lengthMs) + 1) * lengthMs;
    timer = setTimeout(
      () => {
        wait();
        void read(time);
      },
      Math.max(time - Date.now(), 0),
    );
  };
  wait();
  return {
    get slices() {
      return slices;
    },
    stop: () => clearTimeout(timer),
  };
}

/**
 * Returns what was added to the counters in a slice.
 * @param time the end of the slice, in ms since 1970
 * @returns `undefined` if Redis has lost counts in between
 */
export function sliceOf(before: Totals, after: Totals, time: number): Slice | undefined {
  const took = difference(before.took, after.took);
  if (took.buckets.some(count => count < 0)) return undefined;
  const ms = (fraction: number) => {
    const found = quantile(fraction, took);
    return found === undefined ? null : Math.round(found * 10_000) / 10;
  };
  return {
    time: new Date(time).toISOString(),
    seconds: sliceSeconds,
    ended: countOf(took),
    failed: Math.max(failedIn(after) - failedIn(before), 0),
    p50_ms: ms(0.5),
    p95_ms: ms(0.95),
  };
}

function difference(before: Distribution, after: Distribution): Distribution {
  return { buckets: after.buckets.map((count, index) => count - (before.buckets[index] ?? 0)), sum: after.sum - before.sum };
}

function failedIn({ ends }: Totals): number {
  return [...ends.values()]
    .flatMap(byStatus => [...failureStatuses].map(status => byStatus.get(status) ?? 0))
    .reduce((sum, count) => sum + count, 0);
}
