import type { ChunkSink, StreamName } from '@podman-api/runtime';

/** Time for podman to exit after it has written an error, on a busy host too; output of a command that looks like one is delayed by it. */
const errorExitTimeoutMs = 5000;

/**
 * Maximum stderr that is held back. An error of podman quotes an argument of 128 KiB at most (MAX_ARG_STRLEN, execve(2)), which is
 * twice as long if it is escaped.
 */
const maxHeldBytes = 512 * 1024;

const podmanErrorStart = /^(?:Error: |time="|Cannot connect to Podman)/;

/** Number of bytes in which an error is recognized. */
const maxStartBytes = 1024;

/**
 * Buffers stderr that begins like an error of podman, or of a shell that could not run the command, until the exit code is known,
 * five seconds have passed, or it is too long for an error.
 */
export class StderrGate {
  readonly #onOutput: ChunkSink;
  readonly #errorStart: RegExp;
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  #isOpen = false;
  #timer: NodeJS.Timeout | undefined;

  /** @param errorStart matches the beginning of stderr that must be buffered; default: podman's errors and warnings */
  constructor(onOutput: ChunkSink, errorStart = podmanErrorStart) {
    this.#onOutput = onOutput;
    this.#errorStart = errorStart;
  }

  readonly write: ChunkSink = (stream, bytes) => {
    if (this.#isOpen) return this.#onOutput(stream, bytes);
    if (!this.#looksLikeError(stream, bytes)) return this.#passOn(stream, bytes);
    this.#held.push(bytes);
    this.#heldBytes += bytes.length;
    if (this.#heldBytes > maxHeldBytes) return this.release();
    this.#timer ??= setTimeout(() => this.release(), errorExitTimeoutMs);
    return undefined;
  };

  /** Passes on the buffered output. */
  async release(): Promise<void> {
    this.#isOpen = true;
    const held = this.discard();
    if (held.length > 0) await this.#onOutput('stderr', held);
  }

  /** Removes and returns the buffered output, which is then not passed on. */
  discard(): Uint8Array {
    clearTimeout(this.#timer);
    const held = Buffer.concat(this.#held);
    this.#held = [];
    this.#heldBytes = 0;
    return held;
  }

  #looksLikeError(stream: StreamName, bytes: Uint8Array): boolean {
    if (stream !== 'stderr') return false;
    // What is held has the beginning of an error already.
    return this.#heldBytes > 0 || this.#errorStart.test(Buffer.from(bytes.subarray(0, maxStartBytes)).toString('latin1'));
  }

  async #passOn(stream: StreamName, bytes: Uint8Array): Promise<void> {
    await this.release();
    await this.#onOutput(stream, bytes);
  }
}
