import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isRemotePodman } from '../process/remote-podman.ts';
import type { PodmanHost } from '../process/spawn.ts';
import { databaseIdentity } from './fingerprint.ts';
import { ServiceProcess } from './service-process.ts';
import { removeStaleSockets } from './stale-sockets.ts';

/** Time for an answer, after which the command is run instead. Podman itself may wait for the lock of a container for longer. */
const answerTimeoutMs = 5000;
/** Age after which the process is replaced, so that it follows changes of podman and its settings, and its memory stays small. */
const maxProcessAgeMs = 300_000;
/** Time without a query after which the process is ended. */
const idleTimeoutMs = 60_000;
/** Pause before a process is started again after one has failed. */
const retryDelayMs = 10_000;
/** Longest path of a socket, in bytes (unix(7)). */
const maxSocketPathBytes = 107;
const defaultMaxBytes = 16 * 1024 ** 2;

/** Options of a query. */
export interface QueryOptions {
  /** Longest answer; default: 16 MiB. */
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
}

/** Queries podman's service; see `PodmanService.query`. */
export type Query = (path: string, options?: QueryOptions) => Promise<string | undefined>;

/** Returns the path of a query with the answer of `podman container inspect`. @param container its name, or the beginning of its id */
export function inspectPath(container: string): string {
  return `/containers/${encodeURIComponent(container)}/json`;
}

/** Options of `PodmanService`. */
export interface PodmanServiceOptions {
  readonly host: PodmanHost;
  /** Folder for sockets, created if it does not exist; several workers may have the same. */
  readonly folder: string;
  /** Returns the root folder of podman's storage. */
  readonly readGraphRoot: () => Promise<string>;
}

interface RunningService {
  readonly process: ServiceProcess;
  readonly startedAtMs: number;
  /** Whether podman's database is still the one that the process has opened: SQLite keeps a file open that was replaced. */
  hasCurrentDatabase(): boolean;
}

/**
 * Podman's own REST service (podman-system-service(1)), used to read: it returns what `podman container inspect` and `podman ps`
 * read, from the same database at the time of the query, but takes 2 ms rather than 30. So do those of images and networks. It runs
 * only while it is used.
 *
 * It reads the files of networks again when the time of their folder has changed. Linux before 6.13 counts that time in steps of up to
 * 10 ms, so it does not notice a change in the same step in which it has read the files after another change (`loadNetworks` in
 * https://github.com/containers/common). Therefore a read of one network that the service does not find runs the command, and so
 * does a list by which networks are removed.
 */
export class PodmanService {
  readonly #options: PodmanServiceOptions;
  readonly #stopping = new AbortController();
  readonly #ending = new Set<Promise<void>>();
  #running: RunningService | undefined;
  #starting: Promise<void> | undefined;
  #idleTimer: NodeJS.Timeout | undefined;
  #startAfterMs = Number.NEGATIVE_INFINITY;

  constructor(options: PodmanServiceOptions) {
    this.#options = options;
  }

  /** Returns the root folder of podman's storage. */
  get readGraphRoot(): () => Promise<string> {
    return this.#options.readGraphRoot;
  }

  /**
   * Reads from podman's own API.
   * @param path below `/libpod`
   * @returns the body; `undefined` if the service does not run, which starts it in the background, or if its answer is not a 200:
   *   run the command then
   * @throws the reason of the signal
   */
  readonly query: Query = async (path, { maxBytes = defaultMaxBytes, signal } = {}) => {
    signal?.throwIfAborted();
    const running = this.#use();
    if (!running) return undefined;
    const timeout = AbortSignal.timeout(answerTimeoutMs);
    const limits = { maxBytes, signal: signal ? AbortSignal.any([signal, timeout]) : timeout };
    try {
      const { status, body } = await running.process.get(path, limits);
      return status === 200 ? body : undefined;
    } catch {
      signal?.throwIfAborted();
      this.#startAfterMs = performance.now() + retryDelayMs;
      this.#end(running);
      return undefined;
    }
  };

  /** Ends the process. Later queries return `undefined`. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    clearTimeout(this.#idleTimer);
    await this.#starting;
    if (this.#running) this.#end(this.#running);
    await Promise.all(this.#ending);
  }

  /** Returns the process to query. Starts one in the background if there is none, or if it is old. */
  #use(): RunningService | undefined {
    if (this.#running && (this.#running.process.isEnded || !this.#running.hasCurrentDatabase())) this.#end(this.#running);
    const nowMs = performance.now();
    const isDue = !this.#running || nowMs - this.#running.startedAtMs > maxProcessAgeMs;
    if (isDue && !this.#starting && !this.#stopping.signal.aborted && nowMs >= this.#startAfterMs) {
      this.#starting = this.#start().finally(() => {
        this.#starting = undefined;
      });
    }
    clearTimeout(this.#idleTimer);
    this.#idleTimer = setTimeout(() => this.#running && this.#end(this.#running), idleTimeoutMs).unref();
    return this.#running;
  }

  async #start(): Promise<void> {
    const started = await this.#launch().catch(() => undefined);
    if (started && this.#running) this.#end(this.#running);
    if (started) this.#running = started;
    else this.#startAfterMs = performance.now() + retryDelayMs;
  }

  async #launch(): Promise<RunningService | undefined> {
    const { host, folder, readGraphRoot } = this.#options;
    const path = join(folder, randomBytes(4).toString('hex'));
    // A podman on another machine has no socket here.
    if (Buffer.byteLength(path) > maxSocketPathBytes || isRemotePodman(host)) return undefined;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await removeStaleSockets(folder);
    const graphRoot = await readGraphRoot();
    const [startedAtMs, database] = [performance.now(), databaseIdentity(graphRoot)];
    const service = await ServiceProcess.start(host, path, this.#stopping.signal);
    return service && { process: service, startedAtMs, hasCurrentDatabase: () => databaseIdentity(graphRoot) === database };
  }

  #end(running: RunningService): void {
    if (this.#running === running) this.#running = undefined;
    const ended = running.process.end().finally(() => this.#ending.delete(ended));
    this.#ending.add(ended);
  }
}
