import { once } from 'node:events';

/** Runs functions with the same key one after another, in the order of the calls. */
export interface KeyedMutex {
  /**
   * Runs a function when all earlier ones with the same key have ended.
   * @param onWait called, and awaited, if the function has to wait
   * @throws what `onWait` throws, and the signal's reason if it is aborted while waiting; the function is not run then
   */
  runExclusive<Result>(
    key: string,
    signal: AbortSignal,
    onWait: () => Promise<void> | undefined,
    act: () => Promise<Result>,
  ): Promise<Result>;
}

/** Creates a mutex for each key. */
export function createKeyedMutex(): KeyedMutex {
  const last = new Map<string, Promise<void>>();
  return {
    async runExclusive(key, signal, onWait, act) {
      const before = last.get(key);
      const { promise, resolve } = Promise.withResolvers<void>();
      const own = Promise.all([before, promise]).then(() => {
        if (last.get(key) === own) last.delete(key);
      });
      last.set(key, own);
      try {
        if (before) {
          await onWait();
          await waitUnlessAborted(before, signal);
        }
        return await act();
      } finally {
        resolve();
      }
    },
  };
}

async function waitUnlessAborted(before: Promise<void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const ended = new AbortController();
  try {
    await Promise.race([before, once(signal, 'abort', { signal: ended.signal })]);
  } catch {
    // `once` rejects when `ended` is aborted, after the race.
  } finally {
    ended.abort();
  }
  signal.throwIfAborted();
}
