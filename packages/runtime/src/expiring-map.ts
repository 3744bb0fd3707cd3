interface Entry<Value> {
  readonly value: Value;
  /** When it was set, by `performance.now()`. */
  readonly setAtMs: number;
}

/**
 * A map whose entries expire some time after they were set. Each `set` drops the expired entries, so that keys that are not used again,
 * such as ids of removed containers, do not stay in memory.
 */
export class ExpiringMap<Key, Value> {
  readonly #maxAgeMs: number;
  /** The oldest entries first. */
  readonly #entries = new Map<Key, Entry<Value>>();

  constructor(maxAgeMs: number) {
    this.#maxAgeMs = maxAgeMs;
  }

  has(key: Key): boolean {
    return this.get(key) !== undefined;
  }

  /** Returns the value of a key; `undefined` if there is none, or it has expired. */
  get(key: Key): Value | undefined {
    const entry = this.#entries.get(key);
    return entry && this.#isExpired(entry) ? undefined : entry?.value;
  }

  /** Sets the value of a key. It expires `maxAgeMs` from now. */
  set(key: Key, value: Value): void {
    for (const [oldest, entry] of this.#entries) {
      if (!this.#isExpired(entry)) break;
      this.#entries.delete(oldest);
    }
    // Moves the key to the end.
    this.#entries.delete(key);
    this.#entries.set(key, { value, setAtMs: performance.now() });
  }

  delete(key: Key): void {
    this.#entries.delete(key);
  }

  #isExpired({ setAtMs }: Entry<Value>): boolean {
    return performance.now() - setAtMs > this.#maxAgeMs;
  }
}
