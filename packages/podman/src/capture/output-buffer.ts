import type { OutputChunk, StreamName } from '@podman-api/runtime';

/** Keeps the first bytes of each stream, up to a limit, and counts all of them. */
export class OutputBuffer {
  /** The kept output, in the order of its arrival. */
  readonly chunks: OutputChunk[] = [];
  /** Bytes that arrived on each stream; more than the limit if the output was truncated. */
  readonly written = { stdout: 0, stderr: 0 };
  readonly #maxBytes: number;

  /** @param maxBytes limit of each stream */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Keeps as much as there is room for; it never makes podman wait. */
  readonly write = (stream: StreamName, bytes: Uint8Array): undefined => {
    const room = this.#maxBytes - this.written[stream];
    this.written[stream] += bytes.length;
    if (room > 0) this.chunks.push({ stream, bytes: bytes.subarray(0, room) });
  };

  /** Returns what was kept of one stream, as UTF-8 text. */
  text(stream: StreamName): string {
    return Buffer.concat(this.chunks.filter(chunk => chunk.stream === stream).map(chunk => chunk.bytes)).toString();
  }
}
