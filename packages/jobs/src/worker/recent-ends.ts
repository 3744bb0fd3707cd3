import type { EncodedEnd } from '../record/end.ts';

const maxEnds = 5000;
const maxBytes = 16 * 1024 ** 2;
/** Time for which an end is kept; a failover loses only more recent writes. */
const maxAgeMs = 300_000;

/**
 * Job ends that this worker has stored recently. A failover or crash of Redis may lose the last acknowledged writes, and only this
 * worker can store them again.
 */
export interface RecentEnds {
  add(end: EncodedEnd): void;
  get(jobId: string): EncodedEnd | undefined;
  /** The oldest first. */
  readonly all: readonly EncodedEnd[];
}

/** Creates an empty collection. @param nowMs monotonic clock */
export function createRecentEnds(nowMs: () => number = () => performance.now()): RecentEnds {
  const ends = new Map<string, { readonly end: EncodedEnd; readonly addedAtMs: number }>();
  let bytes = 0;
  const remove = (jobId: string) => {
    bytes -= sizeOf(ends.get(jobId)?.end);
    ends.delete(jobId);
  };
  const removeOld = () => {
    for (const [jobId, { addedAtMs }] of ends) {
      if (ends.size <= maxEnds && bytes <= maxBytes && nowMs() - addedAtMs <= maxAgeMs) return;
      remove(jobId);
    }
  };
  return {
    add(end) {
      const { id } = end.ended;
      remove(id);
      ends.set(id, { end, addedAtMs: nowMs() });
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
