import { ApiError } from '@podman-api/errors';
import type { Consumer } from '@podman-api/jobs';
import { waitAtMost } from '@podman-api/runtime';

/** Limit for storing the outcomes of jobs that are ended at the deadline. */
const storeTimeoutMs = 5000;
/** Limit for leaving Redis, which may be gone; a heartbeat that stays there expires. */
const leaveTimeoutMs = 2000;

/**
 * Lets running jobs end within a time, then ends them, in their containers too, and leaves Redis.
 * Nothing here waits for a Redis that is unavailable.
 * @param close leaves Redis
 */
export async function stopWithin(
  timeoutMs: number,
  consumer: Pick<Consumer, 'drain' | 'cancelAll'>,
  close: () => Promise<void>,
): Promise<void> {
  const drained = consumer.drain().then(() => true);
  if (!(await waitAtMost(timeoutMs, drained))) {
    consumer.cancelAll(new ApiError('PodmanAPIError', 'The worker was shut down while the job ran; it was ended, in the container too.'));
    await waitAtMost(storeTimeoutMs, drained);
  }
  await waitAtMost(leaveTimeoutMs, close());
}
