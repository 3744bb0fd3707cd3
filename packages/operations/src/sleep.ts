import { setTimeout as delay } from 'node:timers/promises';

/** Waits. @throws the reason of the signal, once it is aborted; an aborted `setTimeout` rejects with an error of its own */
export async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => signal.throwIfAborted());
}
