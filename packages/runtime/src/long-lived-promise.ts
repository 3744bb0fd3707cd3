/**
 * A promise that settles much later than most waits for it end, such as the end of a process that serves many jobs. A plain promise keeps
 * each reaction, with the asynchronous context of its caller, until it settles: with `Promise.race`, a busy session kept 8 KiB and more of
 * each command (retained-memory.long.test.ts).
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

  /** Settles like this promise or like another one, whichever settles first. Keeps nothing afterwards. */
  async race<Other>(other: Promise<Other>): Promise<Value | Other> {
    if (this.#isSettled) return this.#promise;
    const woken = Promise.withResolvers<Value>();
    const wake = () => woken.resolve(this.#promise);
    this.#waiting.add(wake);
    try {
      return await Promise.race([woken.promise, other]);
    } finally {
      this.#waiting.delete(wake);
    }
  }
}
