/** A task that runs again and again, one run after the other. */
export interface PeriodicTask {
  /** Brings the next run forward to so many ms from now; a run that is under way is followed by another. */
  soon(delayMs: number): void;
  /** Starts no further run. */
  stop(): void;
}

/**
 * Runs a task now, and again after a pause each time it has ended. A failed run is ignored: the next one does the same.
 * @param pauseMs between the end of a run and the start of the next
 */
export function every(pauseMs: number, task: () => Promise<void>): PeriodicTask {
  let timer: NodeJS.Timeout | undefined;
  let isRunning = false;
  let requestedDelayMs: number | undefined;
  let isStopped = false;
  const run = async () => {
    isRunning = true;
    requestedDelayMs = undefined;
    await task().catch(() => {});
    isRunning = false;
    schedule(requestedDelayMs ?? pauseMs);
  };
  const schedule = (delayMs: number) => {
    clearTimeout(timer);
    if (!isStopped) timer = setTimeout(run, delayMs);
  };
  void run();
  return {
    soon(delayMs) {
      requestedDelayMs = delayMs;
      if (!isRunning) schedule(delayMs);
    },
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
