import type { EncodedEnd } from '../record/end.ts';

const maxEnds = 5000;
const maxBytes = 16 * 1024 ** 2;
/** No failover loses what was stored before this time. */
const memoryMs = 300_000;

/**
 * The ends that this worker has stored lately: a failover, or a kill of Redis, may lose what was acknowledged last, and only
 * this worker can store it again.
 */
export interface RecentEnds {
  add(end: EncodedEnd): void;
  get(jobId: string): EncodedEnd | undefined;
  /** The oldest first. */
  readonly all: readonly EncodedEnd[];
}

/** @param now the clock, in ms */
export function createRecentEnds(now: () => number = () => performance.now()): RecentEnds {
  const ends = new Map<string, { readonly end: EncodedEnd; readonly at: number }>();
  let bytes = 0;
  const remove = (jobId: string) => {
    bytes -= sizeOf(ends.get(jobId)?.end);
    ends.delete(jobId);
  };
  const removeOld = () => {
    for (const [jobId, { at }] of ends) {
      if (ends.size <= maxEnds && bytes <= maxBytes && now() - at <= memoryMs) return;
      remove(jobId);
    }
  };
  return {
    add(end) {
      const { id } = end.ended;
      remove(id);
      ends.set(id, { end, at: now() });
      bytes += sizeOf(end);
      removeOld();
    },
    get(jobId) {
      removeOld();
      return ends.get(jobId)?.end;
    },
    get all() {
      removeOld();
      return [...ends.values()].map(({ end }) => end);
    },
  };
}

function sizeOf(end: EncodedEnd | undefined): number {
  return end?.values.reduce<number>((sum, value) => sum + String(value).length, 0) ?? 0;
}
