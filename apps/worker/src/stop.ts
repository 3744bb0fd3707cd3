import { setTimeout as delay } from 'node:timers/promises';
import { ApiError } from '@podman-api/errors';
import type { Consumer } from '@podman-api/queue';

/** How long jobs that are ended at the deadline may take to be told, and Redis to be left, in ms. */
const lastWords = 5000;

/**
 * Lets running jobs end within a time, then ends them, in their containers too, and leaves the queue.
 * Nothing here waits for a Redis that is away.
 */
export async function stopWithin(timeout: number, consumer: Consumer): Promise<void> {
  const drained = consumer.drain();
  if (!(await within(timeout, drained))) {
    consumer.cancelAll(new ApiError('PodmanAPIError', 'The worker was shut down while the job ran; it was ended, in the container too.'));
    await within(lastWords, drained);
  }
  await within(lastWords, consumer.close());
}

/** Whether something ends within a time. */
async function within(timeout: number, end: Promise<unknown>): Promise<boolean> {
  const enough = new AbortController();
  const ended = end.then(() => true);
  const over = delay(timeout, false, { signal: enough.signal }).catch(() => false);
  try {
    return await Promise.race([ended, over]);
  } finally {
    enough.abort();
  }
}
