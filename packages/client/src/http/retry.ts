import { ApiError, UnreachableError } from '../errors.ts';
import type { Settings } from '../settings.ts';
import { sleep } from '../sleep.ts';

/** Delays between two attempts. They double up to the maximum. */
const firstDelayMs = 100;
const maxDelayMs = 2000;

/** Options for retries. */
export interface RetryOptions {
  /** Time from the first failure after which no attempt starts. An attempt itself may take any time. */
  readonly timeoutMs: number;
  /**
   * Time since the start, by the clock of the machine, after which no attempt starts; default: unlimited. For requests with an
   * Idempotency-Key, which the API forgets RESULT_TTL (an hour by default) after the job has ended: later, the job would run again.
   */
  readonly maxAgeMs?: number;
  /** Called with each error after which there is another attempt. */
  readonly onRetry: (error: unknown) => void;
  /** Whether another attempt may succeed after this error. Default: `isRetryable`. */
  readonly mayRetry?: (error: unknown) => boolean;
  /** Aborts the delay between two attempts, but not an attempt. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Calls a function until it succeeds, or fails with an error that `mayRetry` does not accept. The function must be idempotent (a GET, or
 * a request with an Idempotency-Key), or have done nothing when it fails with an accepted error.
 * @throws the error of the last attempt, or the reason of the signal
 */
export async function retry<Value>(attempt: () => Promise<Value>, options: RetryOptions): Promise<Value> {
  const { timeoutMs, maxAgeMs = Number.POSITIVE_INFINITY, onRetry, mayRetry = isRetryable, signal } = options;
  const startedAtMs = Date.now();
  let deadlineMs: number | undefined;
  for (let delayMs = firstDelayMs; ; delayMs = Math.min(2 * delayMs, maxDelayMs)) {
    try {
      return await attempt();
    } catch (error) {
      // Not from the start: this process may have been stopped (SIGSTOP), or suspended with its machine, during the attempt.
      deadlineMs ??= performance.now() + timeoutMs;
      const waitMs = Math.max(delayMs, getRetryAfterMs(error));
      const isTooOld = Date.now() + waitMs - startedAtMs > maxAgeMs;
      if (isTooOld || !mayRetry(error) || performance.now() + waitMs > deadlineMs) throw error;
      onRetry(error);
      await sleep(waitMs, signal);
    }
  }
}

/**
 * Returns whether the same request may succeed later: there was no answer, or it was a 429 or 503. A 408 is never sent
 * again, because its job may have run.
 */
export function isRetryable(error: unknown): boolean {
  if (error instanceof UnreachableError) return error.isRetryable;
  return error instanceof ApiError && (error.status === 429 || error.status === 503);
}

/** Returns whether a call failed because its job was withdrawn: no worker began it, so that it can be submitted again. */
function isWithdrawn(error: unknown): boolean {
  return error instanceof ApiError && error.job?.status === 'withdrawn';
}

/**
 * Calls a function that submits a job and waits for its outcome; calls it again, within the time for retries, if the job was withdrawn
 * before it ran, for instance because the node's last worker is gone.
 * @throws what the function throws in the last attempt, or the reason of the signal
 */
export function resubmitWithdrawn<Value>(
  submitAndWait: () => Promise<Value>,
  { retryTimeoutMs: timeoutMs, onRetry }: Pick<Settings, 'retryTimeoutMs' | 'onRetry'>,
  signal: AbortSignal | undefined,
): Promise<Value> {
  return retry(submitAndWait, { timeoutMs, onRetry, mayRetry: isWithdrawn, signal });
}

/** Returns the delay of `Retry-After`, or 0. */
export function getRetryAfterMs(error: unknown): number {
  return error instanceof ApiError ? (error.retryAfterSeconds ?? 0) * 1000 : 0;
}
