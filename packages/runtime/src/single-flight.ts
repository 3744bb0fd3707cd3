import { setTimeout as delay } from 'node:timers/promises';

/**
 * Runs something for callers who ask with the same key at the same time.
 *
 * A caller never joins a run that started before the call. Calls during a run wait for the next run, which they share. So no
 * caller gets a state older than its call, and any number of concurrent calls cause at most two runs, and one more for each
 * time that the maximum wait passes.
 */
export type SingleFlight<Value> = (key: string, run: () => Promise<Value>) => Promise<Value>;

/**
 * Creates a single-flight. It holds nothing for keys that nobody waits for.
 * @param maxWaitMs after this time the next run starts although the last one has not ended; default: it waits for the end
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

/** The runs for one key. */
class Flight<Value> {
  readonly #maxWaitMs: number | undefined;
  #running: Promise<unknown> | undefined;
  #next: Promise<Value> | undefined;

  constructor(maxWaitMs: number | undefined) {
    this.#maxWaitMs = maxWaitMs;
  }

  /** Whether nothing runs and nobody waits. */
  get isIdle(): boolean {
    return !this.#running && !this.#next;
  }

  /** Joins the run that starts next. */
  joinNext(run: () => Promise<Value>): Promise<Value> {
    if (this.#next) return this.#next;
    if (!this.#running) return this.#start(run);
    const settled = new AbortController();
    const ended = this.#running.catch(() => undefined).finally(() => settled.abort());
    const timeouts =
      this.#maxWaitMs === undefined ? [] : [delay(this.#maxWaitMs, undefined, { signal: settled.signal }).catch(() => undefined)];
    const next = Promise.race([ended, ...timeouts]).then(() => this.#start(run));
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
