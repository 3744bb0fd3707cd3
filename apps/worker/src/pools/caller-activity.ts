import type { Lane } from '@podman-api/operations';

/** Run time up to which a job counts as short. Background work does not delay longer jobs noticeably. */
const shortJobMs = 2000;
/**
 * Time without short jobs after which callers count as inactive, so that callers that send one request after the other
 * are not interrupted.
 */
const quietMs = 50;
/** Longest wait for such a pause; after that, background work starts at any moment without short jobs. */
const maxQuietWaitMs = 1000;
/** Longest wait for a moment without short jobs; after that, background work starts if a worker is free. */
const maxWaitMs = 5000;
/** Pause after background work, as a multiple of its duration, if callers had jobs meanwhile: it takes a fifth of the time then. */
const pauseFactor = 4;
const pollIntervalMs = 20;

/** Decides when background work may use podman, so that it does not delay callers. */
export interface CallerActivity {
  /** Records that a caller's job begins. @returns the function that records its end */
  begin(lane: Lane): () => void;
  /**
   * Runs background work when its turn comes: when no short job of a caller has run for 50 ms, after a second when none runs,
   * or after five seconds if a worker is free nevertheless. Rejects with the signal's reason if the signal is aborted before.
   */
  runInTurn<Result>(work: () => Promise<Result>, signal: AbortSignal): Promise<Result>;
}

/** Creates the activity of a worker's callers. @param maxWorkers commands that the worker runs at once */
export function createCallerActivity(maxWorkers: number): CallerActivity {
  /** When each running job began, by this process's clock in ms. */
  const running = new Set<{ readonly lane: Lane; readonly sinceMs: number }>();
  let lastJobMs = Number.NEGATIVE_INFINITY;
  let workStartedMs = Number.NEGATIVE_INFINITY;
  let workDurationMs = 0;

  const isTurn = (waitingSinceMs: number) => {
    const nowMs = performance.now();
    const hadJobs = running.size > 0 || lastJobMs >= workStartedMs;
    if (hadJobs && nowMs < workStartedMs + (1 + pauseFactor) * workDurationMs) return false;
    const jobs = [...running];
    const waitedMs = nowMs - waitingSinceMs;
    if (jobs.every(({ sinceMs }) => nowMs - sinceMs > shortJobMs)) return waitedMs > maxQuietWaitMs || nowMs >= lastJobMs + quietMs;
    const isWorkerFree = jobs.filter(({ lane }) => lane === 'commands').length < maxWorkers;
    return isWorkerFree && waitedMs > maxWaitMs;
  };
  return {
    begin(lane) {
      // A wait starts no process.
      if (lane === 'waits') return () => {};
      const job = { lane, sinceMs: performance.now() };
      running.add(job);
      return () => {
        running.delete(job);
        lastJobMs = performance.now();
      };
    },
    async runInTurn(work, signal) {
      const waitingSinceMs = performance.now();
      while (!isTurn(waitingSinceMs)) {
        await new Promise(resolve => setTimeout(resolve, pollIntervalMs));
        signal.throwIfAborted();
      }
      workStartedMs = performance.now();
      try {
        return await work();
      } finally {
        workDurationMs = performance.now() - workStartedMs;
      }
    },
  };
}
