import { ApiError } from '@podman-api/errors';
import type { Consumer } from '@podman-api/jobs';
import { waitAtMost } from '@podman-api/runtime';

/**
 * Time limit for ending jobs at the deadline and storing their outcomes. To end a command, a worker that is not root runs a podman
 * process for each signal and for each check of its effect, in addition to the grace period.
 */
const endTimeoutMs = 30_000;
/** Time limit for closing the connections to Redis, which may be unavailable. A heartbeat that remains there becomes stale. */
const closeTimeoutMs = 2000;

/**
 * Waits until running jobs have finished, ends those that run longer than `timeoutMs`, in their containers too, and closes the
 * connections to Redis. Does not wait for a Redis that is unavailable.
 * @param close closes the connections to Redis
 */
export async function stopWithin(
  timeoutMs: number,
  consumer: Pick<Consumer, 'drain' | 'cancelAll'>,
  close: () => Promise<void>,
): Promise<void> {
  const drained = consumer.drain().then(() => true);
  if (!(await waitAtMost(timeoutMs, drained))) {
    consumer.cancelAll(
      new ApiError('PodmanAPIError', 'The worker was shut down while the job ran; the job was ended, in the container too.'),
    );
    await waitAtMost(endTimeoutMs, drained);
  }
  await waitAtMost(closeTimeoutMs, close());
}
