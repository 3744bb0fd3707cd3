import { createSingleFlight } from '@podman-api/runtime';
import type { CaptureOptions, RunToString } from '../capture/capture-stdout.ts';
import { type EquivalentQuery, queryOutput } from '../service/equivalent-query.ts';
import { stateFingerprint } from '../service/fingerprint.ts';
import type { Query } from '../service/podman-service.ts';

/**
 * Default of `SharedRunOptions.maxAgeMs`. It is bounded because the fingerprint misses some changes: a podman that failed to
 * record a container's end, or that keeps its state in another place.
 */
const defaultMaxAgeMs = 10_000;
/** Maximum number of cached answers; when it is reached, all are dropped. */
const maxCachedAnswers = 1000;

interface CachedAnswer {
  /** Fingerprint of podman's state, unchanged while podman ran. */
  readonly fingerprint: string;
  readonly text: string;
  /** When podman was started, by this process's clock in ms. */
  readonly startedAtMs: number;
}

/** Options of a run that callers share. */
export interface SharedRunOptions extends Pick<CaptureOptions, 'maxStdoutBytes'> {
  /** Runs the command in any case, and returns no answer again; default: false. */
  readonly isFresh?: boolean;
  /** Queries podman's service instead of running the command if the service runs, unless `isFresh`; default: runs the command. */
  readonly query?: EquivalentQuery;
  /** Returns the time in ms for which an answer may be returned again; default: 10,000 for each. */
  maxAgeMs?(text: string): number;
  /** Whether two answers describe the same state of podman; default: whether they are the same text. */
  isSame?(one: string, other: string): boolean;
}

/** Parts of the driver that a cached run needs. */
export interface CachedRunParts {
  /** Whether podman runs on another machine, where its state cannot be read: no answer is returned again then. */
  readonly isRemote: boolean;
  /** Runs a command with a time limit, because others may wait for it; see `createTimedRun`. */
  readonly runPodman: RunToString;
  /** Returns the root folder of podman's storage. */
  readonly readGraphRoot: () => Promise<string>;
  readonly query: Query;
}

/**
 * Returns the function for `Podman.shared`: a single-flight with a cache, whose answers are valid while podman's state does not change, and
 * for a limited time. If a fresh answer shows that the state has changed and its fingerprint has not, no answer is returned again: podman's
 * database is in another folder than podman reports, as it may be in a storage that was copied.
 */
export function createCachedRun({ isRemote, runPodman, readGraphRoot, query: queryService }: CachedRunParts) {
  const singleFlight = createSingleFlight<string>();
  const cache = new Map<string, CachedAnswer>();
  let graphRoot: string | undefined;
  let isFingerprintValid = !isRemote;
  const currentFingerprint = () => (graphRoot === undefined || !isFingerprintValid ? undefined : stateFingerprint(graphRoot));
  return async (args: readonly string[], options: SharedRunOptions = {}): Promise<string> => {
    const { isFresh = false, query, maxAgeMs = () => defaultMaxAgeMs, isSame = Object.is, ...runOptions } = options;
    const key = args.join('\0');
    const cached = cache.get(key);
    if (!isFresh && cached && cached.fingerprint === currentFingerprint() && isRecent(cached, maxAgeMs)) return cached.text;
    return singleFlight(isFresh ? `${key}\0fresh` : key, async () => {
      graphRoot ??= await readGraphRoot();
      const fingerprint = currentFingerprint();
      const startedAtMs = performance.now();
      const maxBytes = options.maxStdoutBytes === undefined ? {} : { maxBytes: options.maxStdoutBytes };
      const answer = isFresh || !query ? undefined : await queryOutput(queryService, query, maxBytes);
      const text = answer ?? (await runPodman(args, runOptions));
      // Podman may have missed what changed while it was reading.
      const isStable = fingerprint !== undefined && currentFingerprint() === fingerprint;
      const before = cache.get(key);
      if (isFresh && isStable && before?.fingerprint === fingerprint && !isSame(before.text, text)) isFingerprintValid = false;
      if (!isFingerprintValid) cache.clear();
      else if (!isStable) cache.delete(key);
      else {
        // All cached answers have the same fingerprint; those for a former state are not returned again.
        const [cachedAnswer] = cache.values();
        if (cachedAnswer?.fingerprint !== fingerprint || cache.size >= maxCachedAnswers) cache.clear();
        cache.set(key, { fingerprint, text, startedAtMs });
      }
      return text;
    });
  };
}

function isRecent({ text, startedAtMs }: CachedAnswer, maxAgeMs: (text: string) => number): boolean {
  return performance.now() - startedAtMs < maxAgeMs(text);
}
