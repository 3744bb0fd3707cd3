import { type FSWatcher, watch } from 'node:fs';
import { basename, dirname } from 'node:path';

/** Interval at which readers look for changes that the kernel did not report, or cannot report because all inotify watches are in use. */
const pollIntervalMs = 1000;

/** A reader of a log file that waits for changes. */
export interface LogWatch {
  /** Number of times that the file was replaced since the watch began. Replacements that the kernel did not report are not counted. */
  readonly replacements: number;
  /** Resolves when the file may have changed since the last call. */
  nextChange(): Promise<void>;
  /** Resolves the pending `nextChange`, and the next one if none is pending. */
  wake(): void;
  close(): void;
}

/** Watches for changes of log files: one inotify watch for each file, however many readers it has. */
export class LogWatches {
  readonly #files = new Map<string, WatchedFile>();

  /** Watches a file. The caller closes the watch. */
  watch(path: string): LogWatch {
    const file = this.#files.get(path) ?? new WatchedFile(path);
    this.#files.set(path, file);
    const before = file.replacements;
    let isChanged = false;
    let pending: PromiseWithResolvers<void> | undefined;
    const wake = () => {
      isChanged = true;
      pending?.resolve();
      pending = undefined;
    };
    file.readers.add(wake);
    return {
      get replacements() {
        return file.replacements - before;
      },
      async nextChange() {
        pending ??= Promise.withResolvers();
        if (isChanged) wake();
        await pending?.promise;
        isChanged = false;
      },
      wake,
      close: () => {
        file.readers.delete(wake);
        if (file.readers.size > 0) return;
        file.close();
        this.#files.delete(path);
      },
    };
  }
}

class WatchedFile {
  readonly readers = new Set<() => void>();
  readonly #watcher: FSWatcher | undefined;
  readonly #timer: NodeJS.Timeout;
  replacements = 0;

  constructor(path: string) {
    const notify = () => {
      for (const wake of this.readers) wake();
    };
    const name = basename(path);
    try {
      // The folder, because conmon replaces a file that has reached its maximum size (--log-opt=max-size).
      this.#watcher = watch(dirname(path), (event, changed) => {
        if (changed !== name) return;
        if (event === 'rename') this.replacements += 1;
        notify();
      });
      this.#watcher.on('error', () => {});
    } catch {
      // The host has no inotify watch left: the timer alone reports changes.
    }
    this.#timer = setInterval(notify, pollIntervalMs);
  }

  close(): void {
    this.#watcher?.close();
    clearInterval(this.#timer);
  }
}
