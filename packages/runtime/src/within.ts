import { setTimeout as delay } from 'node:timers/promises';

/**
 * Waits for a promise, but no longer than a time.
 * @returns its value; `undefined` if the time is over first
 * @throws what the promise rejects with in time
 */
export async function within<Value>(timeoutMs: number, promise: Promise<Value>): Promise<Value | undefined> {
  const settled = new AbortController();
  const timeout = delay(timeoutMs, undefined, { signal: settled.signal }).catch(() => undefined);
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    settled.abort();
  }
}

/**
 * Waits for a promise until a signal is aborted.
 * @throws what `onAbort` returns if the signal is aborted first, or what the promise rejects with
 */
export async function untilAborted<Value>(promise: Promise<Value>, signal: AbortSignal, onAbort: () => Error): Promise<Value> {
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(onAbort());
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
