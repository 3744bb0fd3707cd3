import type { RunningCommand } from '@podman-api/podman';
import { LongLivedPromise, rejectOnAbort } from '@podman-api/runtime';

/** Maximum input that waits for the command to read it; beyond it, no more input is accepted. */
const maxPendingBytes = 256 * 1024;

/** Input that the command of a terminal has not read yet, from the current and all earlier connections. */
export class PendingInput {
  #bytes = 0;
  /** Resolves when the command has read everything. */
  #drained = new LongLivedPromise(Promise.resolve());

  /**
   * Writes input to the command, once it has read enough of what came before.
   * @throws Error if the signal is aborted before the input is written
   */
  async write(running: Pick<RunningCommand, 'write'>, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    while (this.#bytes > maxPendingBytes) await rejectOnAbort(this.#drained, signal, () => new Error('the connection was closed'));
    this.#bytes += bytes.length;
    this.#drained = new LongLivedPromise(
      running.write(bytes).then(() => {
        this.#bytes -= bytes.length;
      }),
    );
  }
}
