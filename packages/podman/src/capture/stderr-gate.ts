import type { ChunkSink, StreamName } from '@podman-api/runtime';

/** Time for podman to exit after it has written an error, on a busy host too; output of a command that looks like one is delayed by it. */
const errorExitTimeoutMs = 5000;

const podmanErrorStart = /^(?:Error: |time="|Cannot connect to Podman)/;

/**
 * Buffers stderr that looks like an error of podman, or of a shell that could not run the command, until the exit code is known
 * or five seconds have passed.
 */
export class StderrGate {
  readonly #take: ChunkSink;
  readonly #errorStart: RegExp;
  #held: Uint8Array[] = [];
  #isOpen = false;
  #timer: NodeJS.Timeout | undefined;

  /** @param errorStart matches the beginning of stderr that must be buffered; default: podman's errors and warnings */
  constructor(take: ChunkSink, errorStart = podmanErrorStart) {
    this.#take = take;
    this.#errorStart = errorStart;
  }

  readonly take: ChunkSink = (stream, bytes) => {
    if (this.#isOpen) return this.#take(stream, bytes);
    if (!this.#looksLikeError(stream, bytes)) return this.#passOn(stream, bytes);
    this.#held.push(bytes);
    this.#timer ??= setTimeout(() => this.release(), errorExitTimeoutMs);
    return undefined;
  };

  /** Passes on the buffered output. */
  async release(): Promise<void> {
    this.#isOpen = true;
    const held = this.discard();
    if (held.length > 0) await this.#take('stderr', held);
  }

  /** Removes and returns the buffered output, which is then not passed on. */
  discard(): Uint8Array {
    clearTimeout(this.#timer);
    const held = Buffer.concat(this.#held);
    this.#held = [];
    return held;
  }

  #looksLikeError(stream: StreamName, bytes: Uint8Array): boolean {
    return stream === 'stderr' && this.#errorStart.test(Buffer.concat([...this.#held, bytes]).toString('latin1'));
  }

  async #passOn(stream: StreamName, bytes: Uint8Array): Promise<void> {
    await this.release();
    await this.#take(stream, bytes);
  }
}
