import { endedNow, noWorker } from '../job.ts';
import { parseJobId } from '../job-id.ts';
import { removeExpiredJobs } from '../queries/list.ts';
import { type SubmitParts, withdrawDoubtful } from '../submit/submit.ts';
import { withdraw } from '../submit/withdraw.ts';
import type { WorkerWatch } from '../worker-watch.ts';
import type { Reaper } from './reaper.ts';

/** Interval of removing expired jobs from the list of all jobs. */
const cleanIntervalMs = 60_000;

/**
 * After each reading of the heartbeats, ends the jobs that no worker will end: those of dead workers; awaited ones of a node
 * without a worker, whose callers learn of it at once; and those that may or may not have been added when Redis became
 * unavailable.
 */
export function endAbandonedJobs(parts: SubmitParts, workers: WorkerWatch, reaper: Reaper): void {
  const { doubtful, waiter, redis, resultTtlSeconds } = parts;
  let cleanedAt = performance.now();
  let isWithdrawing = false;
  const withdrawAllDoubtful = async () => {
    if (isWithdrawing) return;
    isWithdrawing = true;
    for (const id of doubtful) await withdrawDoubtful(parts, id);
    isWithdrawing = false;
  };
  workers.onLook(() => {
    if (!workers.isRedisAvailable) return;
    reaper.look();
    for (const id of waiter.waiting) {
      const node = parseJobId(id)?.node;
      if (node !== undefined && workers.abandoned(node)) withdrawFromNode(parts, id, node);
    }
    void withdrawAllDoubtful();
    if (performance.now() - cleanedAt < cleanIntervalMs) return;
    cleanedAt = performance.now();
    removeExpiredJobs(redis, resultTtlSeconds).catch(() => {});
  });
}

function withdrawFromNode(parts: SubmitParts, id: string, node: string): void {
  withdraw(parts, id, { outcome: endedNow('withdrawn', { error: noWorker(node).toJSON() }) }).catch(() => {});
}
