/** Interval between two measurements. */
const sampleIntervalMs = 250;
/** Time for which delays are kept. */
const windowMs = 10_000;

/** Measures delays of the event loop, which is blocked or gets no CPU. */
export interface EventLoopMonitor {
  /** Returns the longest delay of the last ten seconds, including the current one. */
  maxDelayMs(): number;
  stop(): void;
}

/** Starts measuring. The timer does not keep the process running. */
export function monitorEventLoop(): EventLoopMonitor {
  let samples: readonly { readonly atMs: number; readonly delayMs: number }[] = [];
  let expectedAtMs = performance.now() + sampleIntervalMs;
  const timer = setInterval(() => {
    const atMs = performance.now();
    const delayMs = Math.max(0, atMs - expectedAtMs);
    samples = [...samples.filter(sample => atMs - sample.atMs < windowMs), { atMs, delayMs }];
    expectedAtMs = atMs + sampleIntervalMs;
  }, sampleIntervalMs).unref();
  return {
    maxDelayMs() {
      const now = performance.now();
      const recent = samples.filter(({ atMs }) => now - atMs < windowMs);
      return Math.round(Math.max(0, now - expectedAtMs, ...recent.map(({ delayMs }) => delayMs)));
    },
    stop() {
      clearInterval(timer);
    },
  };
}

/** Number of timers that make up a time limit, so that a delay of the event loop uses up the time of one timer at most. */
const stepsPerTimeout = 10;

/**
 * Waits for a promise, and rejects if it has not settled after this process was active for `timeoutMs`.
 *
 * Time in which the event loop was blocked or had no CPU hardly counts. After such a delay, timers fire before responses that
 * have already arrived are read, so an ordinary timeout would reject although the response is there.
 * @param onTimeout creates the error
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
