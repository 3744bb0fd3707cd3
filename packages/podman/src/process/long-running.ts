import { ApiError } from '@podman-api/errors';
import { LongLivedPromise } from '@podman-api/runtime';

/** Maximum number of long-running podman processes; each takes about 10 MiB of its own (measured with `podman stats` 4.3). */
const maxProcesses = 32;

/**
 * Time for which a process continues without readers. A podman that notices the end of its container, and is ended before it has
 * recorded that, leaves a container that runs for the rest of podman (measured with `podman stats` 4.3).
 */
const lingerMs = 2000;

/** Limits and shares podman processes that run for as long as they have readers. */
export class LongRunningProcesses {
  readonly #shared = new Map<string, SharedProcess>();
  #count = 0;

  /**
   * Runs a long-running process.
   * @throws ApiError (503) if too many run already
   */
  async run<Result>(start: () => Promise<Result>): Promise<Result> {
    if (this.#count >= maxProcesses) {
      throw new ApiError(
        'ServiceUnavailableError',
        `The node already follows ${maxProcesses} containers with podman processes: end one of these streams, or try again later.`,
      );
    }
    this.#count += 1;
    try {
      return await start();
    } finally {
      this.#count -= 1;
    }
  }

  /**
   * Reads the lines of a process that all readers with the same key share. It is ended after the last one.
   * @param start runs the process until it ends or the signal is aborted
   * @throws ApiError (503) if too many run already
   */
  async read(
    key: string,
    start: (onLine: (line: string) => void, signal: AbortSignal) => Promise<void>,
    onLine: (line: string) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const shared = this.#shared.get(key) ?? this.#start(key, start);
    clearTimeout(shared.stopTimer);
    shared.readers.add(onLine);
    const left = Promise.withResolvers<void>();
    const leave = () => left.resolve();
    signal.addEventListener('abort', leave, { once: true });
    if (signal.aborted) leave();
    try {
      await shared.ended.race(left.promise);
    } finally {
      signal.removeEventListener('abort', leave);
      shared.readers.delete(onLine);
      if (shared.readers.size === 0) shared.stopLater();
    }
  }

  #start(key: string, start: (onLine: (line: string) => void, signal: AbortSignal) => Promise<void>): SharedProcess {
    const readers = new Set<(line: string) => void>();
    const stop = new AbortController();
    const takeLine = (line: string) => {
      for (const onLine of readers) onLine(line);
    };
    const forget = () => {
      clearTimeout(shared.stopTimer);
      if (this.#shared.get(key) === shared) this.#shared.delete(key);
    };
    const ended = new LongLivedPromise(this.run(() => start(takeLine, stop.signal)).finally(forget));
    const shared: SharedProcess = {
      readers,
      ended,
      stopTimer: undefined,
      stopLater() {
        shared.stopTimer = setTimeout(() => {
          forget();
          stop.abort();
        }, lingerMs).unref();
      },
    };
    this.#shared.set(key, shared);
    return shared;
  }
}

interface SharedProcess {
  readonly readers: Set<(line: string) => void>;
  readonly ended: LongLivedPromise<void>;
  stopTimer: NodeJS.Timeout | undefined;
  /** Ends the process unless a reader comes in time. */
  stopLater(): void;
}
