import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

/** How long podman may take to end by itself after `stop`, and then after SIGTERM, in ms. */
const grace = 5000;

/**
 * Once `signal` is aborted, ends a podman process: by `stop` where there is one, then by SIGTERM, then by
 * SIGKILL. Resolves when that is done or the process has ended.
 * @param ended is aborted when the process has ended
 */
export async function endOnAbort(
  signal: AbortSignal,
  ended: AbortSignal,
  stop: (() => Promise<unknown>) | undefined,
  kill: (name: NodeJS.Signals) => void,
): Promise<void> {
  try {
    if (!signal.aborted) await once(signal, 'abort', { signal: ended });
    if (stop) {
      await stop();
      await delay(grace, undefined, { signal: ended });
    }
    kill('SIGTERM');
    await delay(grace, undefined, { signal: ended });
    kill('SIGKILL');
  } catch (error) {
    if (!ended.aborted) throw error;
  }
}
