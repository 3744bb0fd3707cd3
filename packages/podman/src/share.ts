/**
 * Makes callers share runs: whoever asks while one is under way waits for the next one, together with all
 * others who ask before that starts. So nobody is given a state older than their own call, and any number
 * of callers cost two runs at most.
 */
export class Share<Value> {
  #running: Promise<unknown> | undefined;
  #next: Promise<Value> | undefined;

  /** Joins the run that starts next. */
  join(run: () => Promise<Value>): Promise<Value> {
    if (this.#next) return this.#next;
    if (!this.#running) return this.#start(run);
    const next = this.#running.then(
      () => this.#start(run),
      () => this.#start(run),
    );
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
