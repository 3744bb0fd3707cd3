import type { RedisClient } from '../redis.ts';
import { countOf, type Distribution, quantile } from './distribution.ts';
import { failures } from './ended.ts';
import { readTotals, type Totals } from './totals.ts';

/** How long a slice is, in seconds, and how many are kept. */
const seconds = 10;
const mostSlices = 60;
/** A process that stood still and looks so much later has seen no slice of that length, in ms. */
const patience = 1000;

/** What ended in some seconds, in the whole fleet. */
export interface Slice {
  /** When they were over, ISO 8601. */
  readonly time: string;
  readonly seconds: number;
  readonly ended: number;
  /** How many of those have failed, reached their time limit, or ended as unknown. */
  readonly failed: number;
  /** About how long they took from when they were made, in ms; `null` where none ended. */
  readonly p50_ms: number | null;
  readonly p95_ms: number | null;
}

/** The last ten minutes, as far as this process has seen them. */
export interface Recent {
  /** The oldest first; none of a time in which Redis was away. */
  readonly slices: readonly Slice[];
  stop(): void;
}

/** Looks at the tally when a slice is over: at the full ten seconds of the clock, so that all API processes tell the same. */
export function watchRecent(redis: RedisClient): Recent {
  let slices: readonly Slice[] = [];
  let before: { readonly totals: Totals; readonly time: number } | undefined;
  let timer: NodeJS.Timeout;
  const length = seconds * 1000;
  const look = async (time: number) => {
    const onTime = Date.now() - time < patience;
    const totals = onTime ? await readTotals(redis).catch(() => undefined) : undefined;
    const slice = totals && before?.time === time - length ? sliceOf(before.totals, totals, time) : undefined;
    before = totals && { totals, time };
    if (slice) slices = [...slices, slice].slice(-mostSlices);
  };
  const wait = () => {
    const time = (Math.floor(Date.now() / length) + 1) * length;
    timer = setTimeout(
      () => {
        wait();
        void look(time);
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
 * What has been added to the tally in a slice.
 * @param time when it was over, in ms since 1970
 * @returns nothing where Redis has lost counts in between
 */
export function sliceOf(before: Totals, after: Totals, time: number): Slice | undefined {
  const took = difference(before.took, after.took);
  if (took.buckets.some(count => count < 0)) return undefined;
  const ms = (part: number) => {
    const found = quantile(part, took);
    return found === undefined ? null : Math.round(found * 10_000) / 10;
  };
  return {
    time: new Date(time).toISOString(),
    seconds,
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
    .flatMap(byStatus => [...failures].map(status => byStatus.get(status) ?? 0))
    .reduce((sum, count) => sum + count, 0);
}
