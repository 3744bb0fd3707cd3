import type { RunningCommand } from '@podman-api/podman';
import { rejectOnAbort } from '@podman-api/runtime';

/** Maximum input that waits for the command to read it; beyond it, no more input is accepted. */
const maxPendingBytes = 256 * 1024;

/** Input of a terminal that its command has not read yet: of its present connection and of all before. */
export class PendingInput {
  #bytes = 0;
  /** Settles when the command has read all. */
  #taken: Promise<void> = Promise.resolve();

  /**
   * Writes input to the command, once it has read enough of what came before.
   * @throws Error if the signal is aborted before
   */
  async write(running: Pick<RunningCommand, 'write'>, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    while (this.#bytes > maxPendingBytes) await rejectOnAbort(this.#taken, signal, () => new Error('the connection was closed'));
    this.#bytes += bytes.length;
    this.#taken = running.write(bytes).then(() => {
      this.#bytes -= bytes.length;
    });
  }
}
