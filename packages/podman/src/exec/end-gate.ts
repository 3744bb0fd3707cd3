import type { ChunkSink } from '@podman-api/runtime';

/** Passes on output, and removes the line by which start.sh reports on stderr that the command has ended. */
export class EndGate {
  readonly #onOutput: ChunkSink;
  readonly #onEnded: () => void;
  readonly #endLine: Buffer;
  #held = Buffer.alloc(0);
  #hasEnded = false;

  /**
   * @param nonce hexadecimal digits that cannot be guessed
   * @param onOutput receives what the command writes
   */
  constructor(nonce: string, onOutput: ChunkSink, onEnded: () => void) {
    this.#onOutput = onOutput;
    this.#onEnded = onEnded;
    this.#endLine = Buffer.from(`\x1e${nonce} ended\n`);
  }

  readonly write: ChunkSink = (stream, bytes) => {
    if (stream === 'stdout' || this.#hasEnded) return this.#onOutput(stream, bytes);
    const text = Buffer.concat([this.#held, bytes]);
    const at = text.indexOf(this.#endLine);
    if (at >= 0) {
      this.#hasEnded = true;
      this.#onEnded();
      return this.#passOn(Buffer.concat([text.subarray(0, at), text.subarray(at + this.#endLine.length)]));
    }
    // Only the end line begins with this byte and continues like this, so other output is not delayed.
    const beginning = text.lastIndexOf(0x1e);
    const isHeld = beginning >= 0 && this.#endLine.indexOf(text.subarray(beginning)) === 0;
    this.#held = isHeld ? text.subarray(beginning) : Buffer.alloc(0);
    return this.#passOn(isHeld ? text.subarray(0, beginning) : text);
  };

  /** Passes on the buffered output, because podman has ended. */
  async release(): Promise<void> {
    const held = this.#held;
    this.#held = Buffer.alloc(0);
    await this.#passOn(held);
  }

  #passOn(bytes: Buffer): Promise<void> | undefined {
    return bytes.length > 0 ? this.#onOutput('stderr', bytes) : undefined;
  }
}
