/** Latency and throughput of calls of one kind. */
export interface LatencySummary {
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly perSecond: number;
  readonly calls: number;
}

/** Makes one call. @param caller index of the caller, from 0 on */
export type MeasuredCall = (caller: number) => Promise<unknown>;

/** Collects the latencies of calls over several rounds. */
export class LatencyMeter {
  readonly #latenciesMs: number[] = [];
  #totalMs = 0;

  /** Runs a number of concurrent callers, each of which makes its calls one after the other. */
  async run(callers: number, callsPerCaller: number, call: MeasuredCall): Promise<void> {
    const startedAtMs = performance.now();
    await Promise.all(
      Array.from({ length: callers }, async (_, caller) => {
        for (let index = 0; index < callsPerCaller; index += 1) {
          const started = performance.now();
          await call(caller);
          this.#latenciesMs.push(performance.now() - started);
        }
      }),
    );
    this.#totalMs += performance.now() - startedAtMs;
  }

  /** Returns the figures of all rounds together; the latencies are `NaN` if there were no calls. */
  summarize(): LatencySummary {
    const sorted = this.#latenciesMs.toSorted((one, other) => one - other);
    const quantile = (share: number) => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
    return { p50Ms: quantile(0.5), p95Ms: quantile(0.95), perSecond: (sorted.length * 1000) / this.#totalMs, calls: sorted.length };
  }
}
