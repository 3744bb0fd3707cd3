import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Log } from './log.ts';

/** A closed terminal sends SIGHUP. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/**
 * Signals within this time of the first one are the same request: a terminal and `timeout` signal the whole process group,
 * and npm forwards the signal to its script once more.
 */
const sameRequestMs = 1000;
/** Interval of checking whether npm is still the parent. */
const parentCheckIntervalMs = 500;
const parent = process.ppid;
const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Exits with 0: an app that is still starting has nothing to finish. */
const exitWhileStarting = () => process.exit(0);

/** Exits on SIGINT, SIGTERM or SIGHUP until the app calls `stopOnSignal`. */
export function exitOnEarlySignal(): void {
  for (const signal of signals) process.once(signal, exitWhileStarting);
}

/**
 * Whether npm had exited before this module was loaded, so that the init process, or a user's systemd, is the parent now. In a container, npm
 * may be the init process itself.
 */
function isAdopted(): boolean {
  const read = (file: string) => {
    try {
      return readFileSync(`/proc/${parent}/${file}`, 'utf8');
    } catch {
      return '';
    }
  };
  return read('comm') === 'systemd\n' || (parent === 1 && !/node|npm|yarn|bun/.test(read('cmdline')));
}

/**
 * Stops the app when its parent process exits. The IPC channel closes then, possibly while the app is starting. npm has no
 * channel to its scripts, so their parent's id is compared.
 */
function stopWithParent(log: Log, stop: () => void): void {
  const onDisconnect = () => {
    log.info('the parent process exited; stopping');
    stop();
  };
  if (process.connected === false) onDisconnect();
  process.channel?.unref();
  process.once('disconnect', onDisconnect);
  if (process.channel || process.env['npm_lifecycle_event'] === undefined) return;
  if (isAdopted()) {
    onDisconnect();
    return;
  }
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    onDisconnect();
  }, parentCheckIntervalMs).unref();
}

/**
 * On the first SIGINT, SIGTERM or SIGHUP, logs it (name, number, and the source file and line of the app that
 * caught it), stops the app and exits with 0. Another signal within a second is ignored; a later one exits at once with
 * 128 + its number.
 */
export function stopOnSignal(log: Log, stop: () => Promise<void>): void {
  const source = findCaller(new Error());
  let isStopping = false;
  let firstSignalAtMs: number | undefined;
  const stopOnce = () => {
    isStopping = true;
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'could not stop cleanly');
        process.exit(1);
      },
    );
  };
  for (const signal of signals) {
    process.on(signal, () => {
      if (firstSignalAtMs !== undefined && performance.now() - firstSignalAtMs < sameRequestMs) return;
      firstSignalAtMs ??= performance.now();
      const number = constants.signals[signal];
      log.info({ signal, number, source }, `caught ${signal} (${number}) at ${source}`);
      if (isStopping) process.exit(128 + number);
      stopOnce();
    });
    // Removed after the new listener is added: when a signal loses its last listener, Node.js drops a pending signal.
    process.off(signal, exitWhileStarting);
  }
  stopWithParent(log, () => isStopping || stopOnce());
}

/** Returns the file, relative to the repository, and the line of the caller of `stopOnSignal`, two frames up. */
function findCaller(error: Error): string {
  const frame = error.stack?.split('\n')[2] ?? '';
  const [, url = '', line = '0'] = /\(?([^\s(]+):(\d+):\d+\)?$/.exec(frame) ?? [];
  return `${relative(root, url.startsWith('file:') ? fileURLToPath(url) : url)}:${line}`;
}
