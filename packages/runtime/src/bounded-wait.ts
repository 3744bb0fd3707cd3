import { setTimeout as delay } from 'node:timers/promises';
import { LongLivedPromise } from './long-lived-promise.ts';

/**
 * Waits for a promise, with a time limit.
 * @returns the value of the promise; `undefined` after the time limit
 * @throws the reason of the promise if it rejects in time
 */
export async function waitAtMost<Value>(timeoutMs: number, promise: Promise<Value>): Promise<Value | undefined> {
  const settled = new AbortController();
  const timeout = delay(timeoutMs, undefined, { signal: settled.signal }).catch(() => undefined);
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    settled.abort();
  }
}

/**
 * Calls a function with a signal that is aborted after `timeoutMs`, or together with `signal`. Unlike `AbortSignal.timeout`, it releases its
 * timer when the function returns.
 */
export async function withTimeout<Value>(
  signal: AbortSignal,
  timeoutMs: number,
  run: (limited: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), timeoutMs);
  try {
    return await run(AbortSignal.any([signal, timeout.signal]));
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Waits for a promise until a signal is aborted.
 * @param promise a LongLivedPromise if it may outlive many such waits: each adds a reaction that a plain promise keeps until it settles
 * @throws the error of `onAbort` if the signal is aborted first; the reason of the promise if it rejects
 */
export async function rejectOnAbort<Value>(
  promise: Promise<Value> | LongLivedPromise<Value>,
  signal: AbortSignal,
  onAbort: () => Error,
): Promise<Value> {
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(onAbort());
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  try {
    return await (promise instanceof LongLivedPromise ? promise.race(aborted.promise) : Promise.race([promise, aborted.promise]));
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
