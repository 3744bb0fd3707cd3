import type { ChunkSink, StreamName } from '@podman-api/runtime';

/** More than podman ever writes about a failure; a program that writes more before the start line is not start.sh. */
const maxHeldBytes = 64 * 1024;

/** Buffers stderr until start.sh reports that the command starts: what arrives before that is podman's. */
export class StartGate {
  /** Time at which start.sh reported that the command starts, in ms since 1970; `undefined` if it has not. */
  startedAtMs: number | undefined;
  readonly #onOutput: ChunkSink;
  readonly #startLine: string;
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  #isOpen = false;

  /**
   * @param nonce hexadecimal digits that cannot be guessed
   * @param onOutput receives what the command writes
   */
  constructor(nonce: string, onOutput: ChunkSink) {
    this.#onOutput = onOutput;
    this.#startLine = `${nonce} started\n`;
  }

  readonly write: ChunkSink = (stream, bytes) =>
    this.#isOpen || stream === 'stdout' ? this.#onOutput(stream, bytes) : this.#hold(stream, bytes);

  /** The buffered output, up to 64 KiB; it is podman's if the command has not started. */
  get held(): Buffer {
    return Buffer.concat(this.#held);
  }

  /** Passes on the buffered output, and all output from now on. */
  async release(): Promise<void> {
    const bytes = this.held;
    this.#open();
    if (bytes.length > 0) await this.#onOutput('stderr', bytes);
  }

  #hold(stream: StreamName, bytes: Uint8Array): Promise<void> | undefined {
    this.#held.push(bytes);
    this.#heldBytes += bytes.length;
    const held = this.held;
    const at = held.indexOf(this.#startLine);
    if (at >= 0) {
      this.startedAtMs = Date.now();
      this.#open();
      const rest = held.subarray(at + this.#startLine.length);
      return rest.length > 0 ? this.#onOutput(stream, rest) : undefined;
    }
    return this.#heldBytes > maxHeldBytes ? this.release() : undefined;
  }

  #open(): void {
    this.#isOpen = true;
    this.#held = [];
  }
}
