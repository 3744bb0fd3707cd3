import { setTimeout as delay } from 'node:timers/promises';

/**
 * Shares runs of a function among concurrent callers with the same key.
 *
 * A caller never joins a run that started before the call. Calls during a run wait for the next run, which they share. So no
 * caller gets a result older than its call. Concurrent calls cause at most two runs, and one more each time that the maximum
 * wait passes.
 */
export type SingleFlight<Value> = (key: string, run: () => Promise<Value>) => Promise<Value>;

/**
 * Creates a single-flight. It uses no memory for keys without waiting callers.
 * @param maxWaitMs time after which the next run starts although the current one has not finished; default: no limit
 */
export function createSingleFlight<Value>(maxWaitMs?: number): SingleFlight<Value> {
  const flights = new Map<string, Flight<Value>>();
  return async (key, run) => {
    const flight = flights.get(key) ?? new Flight<Value>(maxWaitMs);
    flights.set(key, flight);
    try {
      return await flight.joinNext(run);
    } finally {
      if (flight.isIdle) flights.delete(key);
    }
  };
}

/** Runs for one key. */
class Flight<Value> {
  readonly #maxWaitMs: number | undefined;
  #running: Promise<unknown> | undefined;
  #next: Promise<Value> | undefined;

  constructor(maxWaitMs: number | undefined) {
    this.#maxWaitMs = maxWaitMs;
  }

  /** Whether there is neither a run nor a waiting caller. */
  get isIdle(): boolean {
    return !this.#running && !this.#next;
  }

  /** Joins the run that starts next. */
  joinNext(run: () => Promise<Value>): Promise<Value> {
    if (this.#next) return this.#next;
    if (!this.#running) return this.#start(run);
    const settled = new AbortController();
    const finished = this.#running.catch(() => undefined).finally(() => settled.abort());
    const timeouts =
      this.#maxWaitMs === undefined ? [] : [delay(this.#maxWaitMs, undefined, { signal: settled.signal }).catch(() => undefined)];
    const next = Promise.race([finished, ...timeouts]).then(() => this.#start(run));
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
