import { statSync } from 'node:fs';
import { join } from 'node:path';
import { createSingleFlight } from '@podman-api/runtime';
import type { CaptureOptions, RunToString } from '../capture/capture-stdout.ts';

/** Time limit of a run, which others may wait for: a podman that takes longer hangs. */
const runTimeoutMs = 60_000;
/**
 * Time for which an answer may be returned again. It is bounded because the fingerprint misses some changes: a podman that
 * failed to record a container's end, or that keeps its state in another place.
 */
const maxAgeMs = 10_000;
/** Podman's database of containers, below the graph root: BoltDB, from podman 5 on SQLite. */
const databases = ['libpod/bolt_state.db', 'db.sql', 'db.sql-wal'];

interface CachedAnswer {
  /** Fingerprint of podman's state, unchanged while podman ran. */
  readonly fingerprint: string;
  readonly text: string;
  /** When podman was started, by this process's clock in ms. */
  readonly startedAt: number;
}

/** Options of a run that callers share. */
export interface SharedRunOptions extends Pick<CaptureOptions, 'maxStdoutBytes'> {
  /** Never returns an answer again; default: false. */
  readonly fresh?: boolean;
}

/**
 * Returns the function for `Podman.shared`: a single-flight with a cache, whose answers are valid while podman's state does not
 * change and for ten seconds at most.
 */
export function createCachedRun(runPodman: RunToString): (args: readonly string[], options?: SharedRunOptions) => Promise<string> {
  const singleFlight = createSingleFlight<string>();
  const cache = new Map<string, CachedAnswer>();
  let graphRoot: string | undefined;
  const currentFingerprint = () => (graphRoot === undefined ? undefined : stateFingerprint(graphRoot));
  const run = (args: readonly string[], options: CaptureOptions = {}) =>
    runPodman(args, { ...options, signal: AbortSignal.timeout(runTimeoutMs) });
  return async (args, { fresh = false, ...options } = {}) => {
    const key = args.join('\0');
    const cached = cache.get(key);
    const isRecent = cached && performance.now() - cached.startedAt < maxAgeMs;
    if (!fresh && isRecent && cached.fingerprint === currentFingerprint()) return cached.text;
    return singleFlight(key, async () => {
      graphRoot ??= (await run(['info', '--format={{.Store.GraphRoot}}'])).trim();
      const fingerprint = currentFingerprint();
      const startedAt = performance.now();
      const text = await run(args, options);
      // Podman may have missed what changed while it was reading.
      if (fingerprint === undefined || currentFingerprint() !== fingerprint) cache.delete(key);
      else cache.set(key, { fingerprint, text, startedAt });
      return text;
    });
  };
}

/**
 * Returns a text that changes with every change of podman's state, and not when podman only reads it (measured with 4.3: `run`,
 * `exec`, `stop`, a container's own end and `rm` write into the database; `ps`, `inspect` and `logs` do not). Two writes
 * within the file system's clock tick, 4 ms, look like one; podman itself takes longer to start.
 * @returns `undefined` if there is no such file, as with a podman on another machine
 */
function stateFingerprint(graphRoot: string): string | undefined {
  const files = databases.flatMap(name => {
    const stats = statSync(join(graphRoot, name), { bigint: true, throwIfNoEntry: false });
    return stats ? [`${stats.ino} ${stats.size} ${stats.mtimeNs}`] : [];
  });
  return files.length === 0 ? undefined : files.join();
}
