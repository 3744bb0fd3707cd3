import type { PreparedOutcome } from '../record/end.ts';

const maxOutcomes = 5000;
const maxBytes = 16 * 1024 ** 2;
/** Time for which an outcome is kept; a failover loses only more recent writes. */
const maxAgeMs = 300_000;

/**
 * Outcomes of jobs that this worker has stored recently. A failover or crash of Redis may lose the last acknowledged writes, and only this
 * worker can store them again.
 */
export interface RecentOutcomes {
  add(outcome: PreparedOutcome): void;
  get(jobId: string): PreparedOutcome | undefined;
  /** The oldest first. */
  readonly all: readonly PreparedOutcome[];
}

/** Creates an empty collection. @param nowMs monotonic clock */
export function createRecentOutcomes(nowMs: () => number = () => performance.now()): RecentOutcomes {
  const outcomes = new Map<string, { readonly outcome: PreparedOutcome; readonly addedAtMs: number }>();
  let bytes = 0;
  const remove = (jobId: string) => {
    bytes -= sizeOf(outcomes.get(jobId)?.outcome);
    outcomes.delete(jobId);
  };
  const removeOld = () => {
    for (const [jobId, { addedAtMs }] of outcomes) {
      if (outcomes.size <= maxOutcomes && bytes <= maxBytes && nowMs() - addedAtMs <= maxAgeMs) return;
      remove(jobId);
    }
  };
  return {
    add(outcome) {
      const { id } = outcome.ended;
      remove(id);
      outcomes.set(id, { outcome, addedAtMs: nowMs() });
      bytes += sizeOf(outcome);
      removeOld();
    },
    get(jobId) {
      removeOld();
      return outcomes.get(jobId)?.outcome;
    },
    get all() {
      removeOld();
      return [...outcomes.values()].map(({ outcome }) => outcome);
    },
  };
}

function sizeOf(prepared: PreparedOutcome | undefined): number {
  return prepared?.values.reduce<number>((sum, value) => sum + String(value).length, 0) ?? 0;
}
