import type { HttpClient } from '../http/http-client.ts';
import { getRetryAfterMs, isRetryable } from '../http/retry.ts';
import { sleep } from '../sleep.ts';
import { minRetryTimeoutMs } from './wait-for-job.ts';

/** Delay before a stream is opened again. */
const reconnectDelayMs = 250;

/** Limits how long a stream is opened again after it has broken. */
export interface Reconnects {
  /** Records that something has arrived, so that the time for retries starts with the next failure. */
  onLine(): void;
  /**
   * Waits before the stream is opened again.
   * @throws the failure if it is final, or if nothing has arrived for a minute since the first failure; the reason of the signal
   */
  wait(failure: unknown): Promise<void>;
}

/** Creates the limit for one stream. The time between two lines does not count: the caller may pause, or the process may be stopped. */
export function createReconnects({ settings }: Pick<HttpClient, 'settings'>, signal: AbortSignal | undefined): Reconnects {
  const retryTimeoutMs = Math.max(minRetryTimeoutMs, settings.retryTimeoutMs);
  let failingSinceMs: number | undefined;
  return {
    onLine() {
      failingSinceMs = undefined;
    },
    async wait(failure) {
      signal?.throwIfAborted();
      failingSinceMs ??= performance.now();
      if (!isRetryable(failure) || performance.now() - failingSinceMs > retryTimeoutMs) throw failure;
      settings.onRetry(failure);
      await sleep(Math.max(reconnectDelayMs, getRetryAfterMs(failure)), signal);
    },
  };
}
