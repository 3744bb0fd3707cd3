import type { ChunkSink } from '@podman-api/runtime';

/** Time for which the end of a line is held back. A person does not notice it. */
const lineEndHoldMs = 20;
/**
 * Time for which an empty line is held back: podman's newline looks like one if it arrives alone, and podman may need this long to exit on a
 * busy host.
 */
const emptyLineHoldMs = 1000;
const newline = Buffer.from('\n');

/**
 * Leaves out the newline that `podman attach` adds to the stdout of a container (`ContainerAttach` in podman's
 * pkg/domain/infra/abi/containers.go). A newline at the end of the output so far is held back until more output arrives, or for a short
 * time.
 */
export class FinalNewlineFilter {
  readonly #onOutput: ChunkSink;
  #holdTimer: NodeJS.Timeout | undefined;
  #taken: Promise<void> = Promise.resolve();

  constructor(onOutput: ChunkSink) {
    this.#onOutput = onOutput;
  }

  readonly write: ChunkSink = (stream, bytes) => {
    if (stream !== 'stdout') return this.#onOutput(stream, bytes);
    void this.release();
    const isLineEnd = bytes.at(-1) === newline[0];
    const rest = isLineEnd ? bytes.subarray(0, -1) : bytes;
    if (rest.length > 0) this.#passOn(rest);
    if (isLineEnd) this.#hold(rest.length === 0 || rest.at(-1) === newline[0] ? emptyLineHoldMs : lineEndHoldMs);
    return this.#taken;
  };

  /** Passes on the newline that is held back, if there is one. Resolves when all output was passed on. */
  release(): Promise<void> {
    if (this.#stopHolding()) this.#passOn(newline);
    return this.#taken;
  }

  /** Discards the newline that is held back, as podman's own. Resolves when all other output was passed on. */
  discard(): Promise<void> {
    this.#stopHolding();
    return this.#taken;
  }

  #hold(durationMs: number): void {
    this.#holdTimer = setTimeout(() => void this.release(), durationMs);
  }

  /** @returns whether a newline was held back */
  #stopHolding(): boolean {
    const isHolding = this.#holdTimer !== undefined;
    clearTimeout(this.#holdTimer);
    this.#holdTimer = undefined;
    return isHolding;
  }

  #passOn(bytes: Uint8Array): void {
    this.#taken = this.#taken.then(() => this.#onOutput('stdout', bytes));
    // The next `write` or `discard` reports a failure.
    this.#taken.catch(() => {});
  }
}
