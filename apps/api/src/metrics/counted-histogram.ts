import { bounds, countOf, type Distribution } from '@podman-api/stats';
import { Gauge, type Registry } from 'prom-client';
import type { Declared } from './declared.ts';

/**
 * A histogram of what has been counted elsewhere. Prom-client's own counts one value after the other; this is a metric of
 * its registry whose values, as they are asked for, are the buckets.
 */
export class CountedHistogram extends Gauge {
  /** What prom-client calls it in the text. */
  readonly type = 'histogram';
  readonly #name: string;
  readonly #counted: ReadonlyMap<string, Distribution>;

  /** @param counted by operation */
  constructor({ name, help }: Declared, registry: Registry, counted: ReadonlyMap<string, Distribution>) {
    super({ name, help, registers: [registry] });
    this.#name = name;
    this.#counted = counted;
  }

  override async get() {
    return { ...(await super.get()), values: [...this.#counted].flatMap(([operation, counted]) => this.#valuesOf(operation, counted)) };
  }

  #valuesOf(operation: string, counted: Distribution) {
    let sum = 0;
    const cumulative = counted.buckets.map((count, index) => {
      sum += count;
      return { metricName: `${this.#name}_bucket`, labels: { operation, le: bounds[index] ?? '+Inf' }, value: sum };
    });
    return [
      ...cumulative,
      { metricName: `${this.#name}_sum`, labels: { operation }, value: counted.sum },
      { metricName: `${this.#name}_count`, labels: { operation }, value: countOf(counted) },
    ];
  }
}
