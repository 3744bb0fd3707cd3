/** Pause after the first failure; it doubles with each failure in a row. */
const firstPauseMs = 1000;
const maxPauseMs = 60_000;

/** A failure to create or keep containers of a pool. */
export interface PoolFailure {
  readonly error: string;
  /** When the next attempt is made, in ms since 1970. */
  readonly retryAtMs: number;
  /** Failures in a row. */
  readonly count: number;
}

/** The last failures of each pool on a node, which delay the next attempts. */
export class PoolFailures {
  readonly #failures = new Map<string, PoolFailure>();

  /** Returns the last failure; `undefined` if containers could be created and kept since. */
  get(pool: string): PoolFailure | undefined {
    return this.#failures.get(pool);
  }

  /** Whether an attempt can be made now. */
  canTry(pool: string): boolean {
    return (this.#failures.get(pool)?.retryAtMs ?? 0) <= Date.now();
  }

  record(pool: string, error: string): void {
    const count = (this.#failures.get(pool)?.count ?? 0) + 1;
    const pauseMs = Math.min(maxPauseMs, firstPauseMs * 2 ** (count - 1));
    this.#failures.set(pool, { error, count, retryAtMs: Date.now() + pauseMs });
  }

  clear(pool: string): void {
    this.#failures.delete(pool);
  }
}
