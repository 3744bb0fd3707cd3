import type { ByteChannel, ChunkSink } from '@podman-api/runtime';
import { packOutput } from '../container/terminal/output-frames.ts';

/** Bytes that are held back before podman has to wait. A warning of podman itself, which may come before the start, is far shorter. */
const maxHeldBytes = 65_536;

/**
 * Output for a client that must learn first that the container has started. Without a client the output is discarded, so that the
 * container is not blocked.
 */
export class HeldOutput {
  readonly #channel: ByteChannel;
  readonly #announced = Promise.withResolvers<void>();
  #written = this.#announced.promise;
  #heldBytes = 0;
  #isAnnounced = false;
  #isDiscarding = false;
  #hasStdout = false;

  constructor(channel: ByteChannel) {
    this.#channel = channel;
  }

  /** Whether there was output on stdout, on which podman itself prints nothing. */
  get hasStdout(): boolean {
    return this.#hasStdout;
  }

  /** Holds back a chunk until `announce`, and sends it then. */
  readonly write: ChunkSink = (stream, bytes) => {
    if (stream === 'stdout') this.#hasStdout = true;
    this.#written = this.#written.then(async () => {
      if (!this.#isDiscarding) await this.#channel.write(packOutput({ stream, bytes })).catch(() => this.discard());
    });
    if (this.#isAnnounced) return this.#written;
    this.#heldBytes += bytes.length;
    return this.#heldBytes > maxHeldBytes ? this.#written : undefined;
  };

  /** Sends `{"type": "ready"}` to the client, and then the output. */
  async announce(): Promise<void> {
    this.#isAnnounced = true;
    await this.#channel.send({ type: 'ready', offset: 0 }).catch(() => {});
    this.#announced.resolve();
  }

  /** Sends the exit code after all output, and ends the channel. */
  async end(exitCode: number | null): Promise<void> {
    await this.#written;
    await this.#channel.send({ type: 'exit', exit_code: exitCode }).catch(() => {});
    await this.#channel.end().catch(() => {});
  }

  /** Discards what has not been sent, and all further output. */
  discard(): void {
    this.#isDiscarding = true;
    this.#announced.resolve();
  }
}
