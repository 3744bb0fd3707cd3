import { ApiError } from '@podman-api/errors';
import type { HelperProcess } from './helper-process.ts';

/** Time after which an idle helper is ended; it takes 20 MiB without shared memory, or 50 without a compile cache. */
const idleTimeoutMs = 60_000;
/** Time for a helper to end by itself when it is idle for too long, or the pool is closed. */
const endTimeoutMs = 5000;

/** Settings of a pool. */
export interface HelperPoolOptions {
  /** Starts a helper. */
  readonly start: () => HelperProcess;
  /** Maximum number of helpers that wait for a request. */
  readonly maxIdle: number;
}

/**
 * Helpers that are kept for the next requests. One that has failed is not: a fresh one takes its place in the background, so that the
 * next request is as fast as after a success.
 */
export class HelperPool {
  readonly #options: HelperPoolOptions;
  readonly #helpers = new Set<HelperProcess>();
  /** The one that was used last is at the end. */
  readonly #idle = new Map<HelperProcess, NodeJS.Timeout>();
  #isClosed = false;

  constructor(options: HelperPoolOptions) {
    this.#options = options;
  }

  /**
   * Takes an idle helper, or starts one. The caller returns it with `keep`, or ends it.
   * @returns the helper, and whether it has been idle: it may have ended meanwhile
   * @throws ApiError (503) if the pool is closed
   */
  take(): { readonly helper: HelperProcess; readonly wasIdle: boolean } {
    if (this.#isClosed) throw closedError();
    const [helper] = [...this.#idle.keys()].slice(-1);
    if (!helper) return { helper: this.#start(), wasIdle: false };
    this.#removeIdle(helper);
    return { helper, wasIdle: true };
  }

  /** Keeps a helper for the next request. */
  keep(helper: HelperProcess): void {
    if (!this.#helpers.has(helper)) return;
    if (this.#isClosed || this.#idle.size >= this.#options.maxIdle) {
      helper.discard(endTimeoutMs);
      return;
    }
    const timer = setTimeout(() => {
      this.#removeIdle(helper);
      helper.discard(endTimeoutMs);
    }, idleTimeoutMs).unref();
    this.#idle.set(helper, timer);
  }

  /** Starts a helper in place of one that the caller ends, unless another one waits. */
  replace(): void {
    if (!this.#isClosed && this.#idle.size === 0 && this.#options.maxIdle > 0) this.keep(this.#start());
  }

  /** Ends all helpers, including those that work on a request. Resolves when they have ended. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const helper of this.#helpers) {
      this.#removeIdle(helper);
      helper.discard(endTimeoutMs);
    }
    await Promise.all([...this.#helpers].map(({ ended }) => ended));
  }

  #start(): HelperProcess {
    const helper = this.#options.start();
    this.#helpers.add(helper);
    void helper.ended.then(() => {
      this.#helpers.delete(helper);
      this.#removeIdle(helper);
    });
    return helper;
  }

  #removeIdle(helper: HelperProcess): void {
    clearTimeout(this.#idle.get(helper));
    this.#idle.delete(helper);
  }
}

function closedError(): ApiError {
  return new ApiError('ServiceUnavailableError', 'The worker is shutting down: send the request again.');
}
