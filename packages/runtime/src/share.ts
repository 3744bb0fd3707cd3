import { setTimeout as delay } from 'node:timers/promises';

/**
 * Makes callers share runs: whoever asks while one is under way waits for the next one, together with all
 * others who ask before that starts. So nobody is given a state older than their own call, and any number
 * of callers cost two runs at most, or one more for each time that they need not wait longer than.
 */
class Share<Value> {
  readonly #patience: number | undefined;
  #running: Promise<unknown> | undefined;
  #next: Promise<Value> | undefined;

  constructor(patience: number | undefined) {
    this.#patience = patience;
  }

  /** Whether nobody waits for anything. */
  get idle(): boolean {
    return !this.#running && !this.#next;
  }

  /** Joins the run that starts next. */
  join(run: () => Promise<Value>): Promise<Value> {
    if (this.#next) return this.#next;
    if (!this.#running) return this.#start(run);
    const over = new AbortController();
    const ended = this.#running.catch(() => undefined).finally(() => over.abort());
    const late = this.#patience === undefined ? [] : [delay(this.#patience, undefined, { signal: over.signal }).catch(() => undefined)];
    const next = Promise.race([ended, ...late]).then(() => this.#start(run));
    this.#next = next;
    return next;
  }

  #start(run: () => Promise<Value>): Promise<Value> {
    this.#next = undefined;
    const running = run().finally(() => {
      if (this.#running === running) this.#running = undefined;
    });
    this.#running = running;
    return running;
  }
}

/** Shares runs of the same thing, told by a key, among those who ask for it at the same time. */
export type Sharing<Value> = (key: string, run: () => Promise<Value>) => Promise<Value>;

/**
 * Keeps nothing of what nobody asks for any more.
 * @param patience how long a run may keep the next one waiting, in ms; until it ends where there is none
 */
export function createSharing<Value>(patience?: number): Sharing<Value> {
  const shares = new Map<string, Share<Value>>();
  return async (key, run) => {
    const share = shares.get(key) ?? new Share<Value>(patience);
    shares.set(key, share);
    try {
      return await share.join(run);
    } finally {
      if (share.idle) shares.delete(key);
    }
  };
}
