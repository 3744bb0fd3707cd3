import type { ChunkSink } from '@podman-api/runtime';

const podmanErrorStart = 'Error: ';
/** More than any error that podman writes about an exec; a command may write a longer line, which must not be kept. */
const maxPodmanErrorBytes = 4096;
/**
 * An error that podman writes when it fails to read how an exec ended. Podman names the exec session or the container by its full id,
 * which distinguishes its errors from those of most commands.
 */
const podmanErrorLine =
  /^Error: (?:container has already been removed|[^\n]*(?:\b(?:session|container|ID) |\/exit\/)[0-9a-f]{64}\b)[^\n]*\n?$/;

/** Passes on output, but holds back an error of podman at the end of stderr until it is known whether podman or the command has written it. */
export class FinalErrorGate {
  readonly #onOutput: ChunkSink;
  #held: Buffer = Buffer.alloc(0);

  constructor(onOutput: ChunkSink) {
    this.#onOutput = onOutput;
  }

  readonly write: ChunkSink = (stream, bytes) => {
    if (stream === 'stdout') return this.#onOutput(stream, bytes);
    const text = Buffer.concat([this.#held, bytes]);
    const errorStart = findPodmanError(text);
    this.#held = text.subarray(errorStart);
    return errorStart > 0 ? this.#onOutput(stream, text.subarray(0, errorStart)) : undefined;
  };

  /** The error that is held back; empty if there is none. */
  get heldText(): string {
    return this.#held.toString();
  }

  /** Passes on the error, because the command has written it. */
  async release(): Promise<void> {
    const held = this.#held;
    this.discard();
    if (held.length > 0) await this.#onOutput('stderr', held);
  }

  /** Removes the error, because podman has written it. */
  discard(): void {
    this.#held = Buffer.alloc(0);
  }
}

/**
 * Finds an error of podman at the end of stderr. Podman 4.3 writes one, and exits with 255, if the container was removed or started
 * again before podman queried how its exec ended: "retrieving exec session … exit code: …".
 * @returns the offset of the error; the length if there is none
 */
function findPodmanError(bytes: Buffer): number {
  const start = bytes.lastIndexOf(podmanErrorStart);
  if (start >= 0 && bytes.length - start > maxPodmanErrorBytes) return bytes.length;
  return start >= 0 && podmanErrorLine.test(bytes.toString('latin1', start)) ? start : bytes.length;
}
