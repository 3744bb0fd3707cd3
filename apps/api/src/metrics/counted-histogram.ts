import { bucketBoundsSeconds, countDurations, type DurationHistogram } from '@podman-api/stats';
import { Gauge, type Registry } from 'prom-client';
import type { MetricDeclaration } from './declared.ts';

/**
 * A histogram whose buckets were counted elsewhere. Prom-client's own histogram only accepts single values.
 */
export class CountedHistogram extends Gauge {
  /** Type in prom-client's text format. */
  readonly type = 'histogram';
  readonly #name: string;
  readonly #counted: ReadonlyMap<string, DurationHistogram>;

  /** @param counted by operation */
  constructor({ name, help }: MetricDeclaration, registry: Registry, counted: ReadonlyMap<string, DurationHistogram>) {
    super({ name, help, registers: [registry] });
    this.#name = name;
    this.#counted = counted;
  }

  override async get() {
    return { ...(await super.get()), values: [...this.#counted].flatMap(([operation, counted]) => this.#valuesOf(operation, counted)) };
  }

  #valuesOf(operation: string, counted: DurationHistogram) {
    let sum = 0;
    const cumulative = counted.buckets.map((count, index) => {
      sum += count;
      return { metricName: `${this.#name}_bucket`, labels: { operation, le: bucketBoundsSeconds[index] ?? '+Inf' }, value: sum };
    });
    return [
      ...cumulative,
      { metricName: `${this.#name}_sum`, labels: { operation }, value: counted.sumSeconds },
      { metricName: `${this.#name}_count`, labels: { operation }, value: countDurations(counted) },
    ];
  }
}
