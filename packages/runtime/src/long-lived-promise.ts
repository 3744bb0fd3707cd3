/**
 * A promise that outlives most calls that wait for it, such as the end of a process that serves many jobs. `Promise.race` with a plain
 * promise leaves a reaction on it, which keeps the caller's asynchronous context until the promise settles: a busy session kept at least
 * 8 KiB for each command (retained-memory.long.test.ts).
 */
export class LongLivedPromise<Value> {
  readonly #promise: Promise<Value>;
  readonly #waiting = new Set<() => void>();
  #isSettled = false;

  constructor(promise: Promise<Value>) {
    this.#promise = promise;
    const wakeAll = () => {
      this.#isSettled = true;
      for (const wake of this.#waiting) wake();
    };
    promise.then(wakeAll, wakeAll);
  }

  /** Works like `Promise.race` of this promise and another one, but leaves no reaction on this one. */
  async race<Other>(other: Promise<Other>): Promise<Value | Other> {
    const woken = Promise.withResolvers<Value>();
    const wake = () => woken.resolve(this.#promise);
    if (this.#isSettled) wake();
    else this.#waiting.add(wake);
    try {
      return await Promise.race([woken.promise, other]);
    } finally {
      this.#waiting.delete(wake);
    }
  }
}
