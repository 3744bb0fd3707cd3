import type { Chunk, StreamName } from './types.ts';

/** Keeps the first bytes of each stream, up to a limit, and counts the rest. */
export class OutputBuffer {
  readonly chunks: Chunk[] = [];
  readonly written = { stdout: 0, stderr: 0 };
  readonly #limit: number;

  /** @param limit in bytes a stream */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Keeps what there is room for; it never makes podman wait. */
  readonly take = (stream: StreamName, bytes: Uint8Array): undefined => {
    const room = this.#limit - this.written[stream];
    this.written[stream] += bytes.length;
    if (room > 0) this.chunks.push({ stream, bytes: bytes.subarray(0, room) });
  };

  /** What was kept of one stream. */
  text(stream: StreamName): string {
    return Buffer.concat(this.chunks.filter(chunk => chunk.stream === stream).map(chunk => chunk.bytes)).toString();
  }
}
