import { AsyncLocalStorage } from 'node:async_hooks';

/** A task that runs repeatedly, never twice at once. */
export interface PeriodicTask {
  /** Schedules the next run, replacing the planned one. During a run, the delay starts when the run finishes. */
  runAfter(delayMs: number): void;
  /** Prevents further runs. A current run finishes. */
  stop(): void;
}

/**
 * Runs a task now, and again after a pause each time it has finished. Errors are ignored, because the next run repeats the work.
 * @param pauseMs time between two runs
 */
export function runPeriodically(pauseMs: number, task: () => Promise<void>): PeriodicTask {
  let timer: NodeJS.Timeout | undefined;
  let isRunning = false;
  let requestedDelayMs: number | undefined;
  let isStopped = false;
  // Otherwise all later runs would keep the asynchronous context of the job that called `runAfter`.
  const runDetached = AsyncLocalStorage.snapshot();
  const run = async () => {
    isRunning = true;
    requestedDelayMs = undefined;
    await task().catch(() => {});
    isRunning = false;
    schedule(requestedDelayMs ?? pauseMs);
  };
  const schedule = (delayMs: number) => {
    clearTimeout(timer);
    if (!isStopped) timer = runDetached(() => setTimeout(run, delayMs));
  };
  void run();
  return {
    runAfter(delayMs) {
      requestedDelayMs = delayMs;
      if (!isRunning) schedule(delayMs);
    },
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
