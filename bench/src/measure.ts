/** What calls of one kind took. */
export interface Figures {
  /** Milliseconds. */
  readonly p50: number;
  readonly p95: number;
  readonly perSecond: number;
  readonly calls: number;
}

type Call = (caller: number) => Promise<unknown>;

/** Collects what calls take, over several turns. */
export class Meter {
  readonly #latencies: number[] = [];
  #busy = 0;

  /** Has some callers call one after the other, until each has done `times` calls. */
  async turn(callers: number, times: number, call: Call): Promise<void> {
    const begun = performance.now();
    await Promise.all(
      Array.from({ length: callers }, async (_, caller) => {
        for (let index = 0; index < times; index += 1) {
          const started = performance.now();
          await call(caller);
          this.#latencies.push(performance.now() - started);
        }
      }),
    );
    this.#busy += performance.now() - begun;
  }

  figures(): Figures {
    const sorted = this.#latencies.toSorted((one, other) => one - other);
    const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
    return { p50: at(0.5), p95: at(0.95), perSecond: (sorted.length * 1000) / this.#busy, calls: sorted.length };
  }
}
