import { createOutcome, noWorkerError } from '../job.ts';
import { parseJobId } from '../job-id.ts';
import { removeExpiredJobs } from '../queries/list.ts';
import type { SubmitParts } from '../submit/submit.ts';
import { withdraw, withdrawUncertain } from '../submit/withdraw.ts';
import type { WorkerWatch } from '../worker-watch.ts';
import type { Reaper } from './reaper.ts';

/** Interval at which expired jobs are removed from the index of all jobs. */
const cleanIntervalMs = 60_000;

/**
 * Ends, after each reading of the heartbeats, the jobs that no worker will end: jobs of dead workers; awaited jobs of a node
 * without a worker, so that their callers get an error at once; and jobs whose submission had an uncertain result because
 * Redis became unavailable.
 */
export function endAbandonedJobs(parts: SubmitParts, workers: WorkerWatch, reaper: Reaper): void {
  const { uncertainJobs, waiter, redis, resultTtlSeconds } = parts;
  let cleanedAtMs = performance.now();
  let isWithdrawing = false;
  const withdrawAllUncertain = async () => {
    if (isWithdrawing) return;
    isWithdrawing = true;
    for (const [id, callerId] of uncertainJobs) await withdrawUncertain(parts, id, callerId);
    isWithdrawing = false;
  };
  workers.onRefresh(() => {
    if (!workers.isRedisAvailable) return;
    reaper.reapAll();
    for (const id of waiter.waiting) {
      const node = parseJobId(id)?.node;
      if (node !== undefined && workers.isAbandoned(node)) withdrawFromNode(parts, id, node);
    }
    void withdrawAllUncertain();
    if (performance.now() - cleanedAtMs < cleanIntervalMs) return;
    cleanedAtMs = performance.now();
    removeExpiredJobs(redis, resultTtlSeconds).catch(() => {});
  });
}

function withdrawFromNode(parts: SubmitParts, id: string, node: string): void {
  withdraw(parts, id, { outcome: createOutcome('withdrawn', { error: noWorkerError(node).toJSON() }) }).catch(() => {});
}
