/** Interval between two measurements. */
const sampleIntervalMs = 250;
/** Delays measured longer ago are forgotten. */
const windowMs = 10_000;

/** Measures how late the event loop of this process runs, because it is busy or the host gives it no CPU. */
export interface EventLoopMonitor {
  /** Returns the longest delay of the last ten seconds in ms, including one that is still going on. */
  maxDelayMs(): number;
  stop(): void;
}

/** Starts measuring; the timer does not keep the process alive. */
export function monitorEventLoop(): EventLoopMonitor {
  let samples: readonly { readonly at: number; readonly delayMs: number }[] = [];
  let expectedAt = performance.now() + sampleIntervalMs;
  const timer = setInterval(() => {
    const at = performance.now();
    const delayMs = Math.max(0, at - expectedAt);
    samples = [...samples.filter(sample => at - sample.at < windowMs), { at, delayMs }];
    expectedAt = at + sampleIntervalMs;
  }, sampleIntervalMs).unref();
  return {
    maxDelayMs() {
      const now = performance.now();
      const recent = samples.filter(({ at }) => now - at < windowMs);
      return Math.round(Math.max(0, now - expectedAt, ...recent.map(({ delayMs }) => delayMs)));
    },
    stop() {
      clearInterval(timer);
    },
  };
}

/** Parts into which a time limit is divided; a delay of the event loop counts as one of them at most. */
const stepsPerTimeout = 10;

/**
 * Resolves or rejects as the promise does, but rejects if this process has run for `timeoutMs` before.
 *
 * Time in which the event loop was blocked or had no CPU hardly counts: after such a delay, timers fire before the
 * answers that arrived meanwhile are read, so a plain timeout would blame the other side.
 * @param onTimeout makes the error
 */
export async function withActiveTimeout<Value>(promise: Promise<Value>, timeoutMs: number, onTimeout: () => Error): Promise<Value> {
  const expired = Promise.withResolvers<never>();
  let steps = 0;
  const timer = setInterval(() => {
    steps += 1;
    if (steps > stepsPerTimeout) expired.reject(onTimeout());
  }, timeoutMs / stepsPerTimeout);
  try {
    return await Promise.race([promise, expired.promise]);
  } finally {
    clearInterval(timer);
  }
}
