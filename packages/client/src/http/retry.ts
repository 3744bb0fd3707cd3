import { setTimeout as delay } from 'node:timers/promises';
import { ApiError, UnreachableError } from '../errors.ts';

/** The first and the longest pause between two tries, in ms. */
const pauses = { first: 100, longest: 2000 };

/**
 * Tries again what failed because nobody answered, or because the API asked to wait (429, 503). Whatever is tried must be
 * harmless to repeat: a GET, or a request with an Idempotency-Key.
 * @param patience for how long, in ms
 * @param onRetry hears of each failure that is not the last
 * @param signal ends it
 */
export async function retried<Value>(
  attempt: () => Promise<Value>,
  patience: number,
  onRetry: (error: unknown) => void,
  signal?: AbortSignal,
): Promise<Value> {
  const end = performance.now() + patience;
  for (let pause = pauses.first; ; pause = Math.min(2 * pause, pauses.longest)) {
    try {
      return await attempt();
    } catch (error) {
      const wait = Math.max(pause, askedWait(error));
      if (!passes(error) || performance.now() + wait > end) throw error;
      onRetry(error);
      await delay(wait, undefined, signal && { signal }).catch(() => signal?.throwIfAborted());
    }
  }
}

/** Whether the same request may come through in a moment. A 408 is never sent again: its job may have run. */
export function passes(error: unknown): boolean {
  if (error instanceof UnreachableError) return error.retry;
  return error instanceof ApiError && (error.status === 429 || error.status === 503);
}

/** How long the API asked to wait, in ms. */
export function askedWait(error: unknown): number {
  return error instanceof ApiError ? (error.retryAfter ?? 0) * 1000 : 0;
}
