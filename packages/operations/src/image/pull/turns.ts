import { once } from 'node:events';

/** Runs functions with the same key one after another. */
export interface Turns {
  /**
   * Runs a function when those that were given before with the same key have ended.
   * @param onWait called if it has to wait
   * @throws the signal's reason if it is aborted while waiting; the function is not run then
   */
  run<Result>(key: string, signal: AbortSignal, onWait: () => void, act: () => Promise<Result>): Promise<Result>;
}

/** Creates turns. */
export function createTurns(): Turns {
  const last = new Map<string, Promise<void>>();
  return {
    async run(key, signal, onWait, act) {
      const before = last.get(key);
      const { promise, resolve } = Promise.withResolvers<void>();
      const own = Promise.all([before, promise]).then(() => {
        if (last.get(key) === own) last.delete(key);
      });
      last.set(key, own);
      try {
        if (before) {
          onWait();
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
