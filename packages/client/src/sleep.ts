import { setTimeout as delay } from 'node:timers/promises';

/** Waits. @throws the reason of the signal, once it is aborted */
export async function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await delay(ms, undefined, signal && { signal }).catch(() => signal?.throwIfAborted());
}
