import type { ChunkSink, OutputChunk } from '@podman-api/runtime';

/** Smaller pieces, such as the echo of a key, are kept as one of up to this size. */
const mergedBytes = 4096;
/**
 * Maximum number of pieces that are kept: alternating small pieces of stdout and stderr cannot be merged, and each takes about 300
 * bytes more.
 */
const maxPieces = 1024;

/** A piece of output with its position in all output of the command. */
interface PlacedChunk extends OutputChunk {
  /** Bytes of output before it. */
  readonly offset: number;
}

/** Keeps the last output of a command, so that it can be sent again, and pauses the command while too much is unsent. */
export class ReplayBuffer {
  /** Bytes of output so far. */
  endOffset = 0;
  readonly #maxBytes: number;
  #chunks: PlacedChunk[] = [];
  #sentOffset = 0;
  #hasEnded = false;
  #changed = Promise.withResolvers<void>();
  #hasRoom = Promise.withResolvers<void>();

  /** @param maxBytes of output that is kept, and of output that waits to be sent */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Adds output. Resolves when more can be added. */
  readonly write: ChunkSink = (stream, bytes) => {
    const last = this.#chunks.at(-1);
    if (last?.stream === stream && last.bytes.length + bytes.length <= mergedBytes) {
      this.#chunks[this.#chunks.length - 1] = { ...last, bytes: Buffer.concat([last.bytes, bytes]) };
    } else this.#chunks.push({ stream, bytes, offset: this.endOffset });
    this.endOffset += bytes.length;
    this.#forget();
    this.#notify();
    return this.#isFull ? this.#hasRoom.promise : undefined;
  };

  /** Records that there will be no more output. */
  end(): void {
    this.#hasEnded = true;
    this.#notify();
  }

  /** Returns the position from which output can be sent: `since`, or that of the oldest output that is kept. */
  firstOffset(since = 0): number {
    const [first] = this.#chunks;
    return Math.min(Math.max(since, first?.offset ?? this.endOffset), this.endOffset);
  }

  /**
   * Yields the output from a position on until the end, as it arrives. What was yielded counts as sent when the next piece is
   * requested.
   */
  async *read(from: number, signal: AbortSignal): AsyncGenerator<OutputChunk> {
    const onAbort = () => this.#notify();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      for (let position = from; !signal.aborted; ) {
        const chunk = this.#chunks.find(({ offset, bytes }) => offset + bytes.length > position);
        if (chunk) {
          yield { stream: chunk.stream, bytes: chunk.bytes.subarray(Math.max(position - chunk.offset, 0)) };
          position = chunk.offset + chunk.bytes.length;
          this.#recordSent(position);
        } else if (this.#hasEnded) return;
        else await this.#changed.promise;
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  get #isFull(): boolean {
    return this.endOffset - this.#sentOffset >= this.#maxBytes || this.#chunks.length > maxPieces;
  }

  #recordSent(offset: number): void {
    this.#sentOffset = Math.max(this.#sentOffset, offset);
    this.#forget();
    if (this.#isFull) return;
    this.#hasRoom.resolve();
    this.#hasRoom = Promise.withResolvers();
  }

  /** Drops the oldest output that was sent, down to the maximum. Output that was not sent is kept, even beyond the maximum. */
  #forget(): void {
    const isDispensable = ({ offset, bytes }: PlacedChunk, index: number) => {
      const end = offset + bytes.length;
      return end <= this.#sentOffset && (this.endOffset - end >= this.#maxBytes || this.#chunks.length - index > maxPieces);
    };
    const kept = this.#chunks.findIndex((chunk, index) => !isDispensable(chunk, index));
    if (kept !== 0) this.#chunks = kept < 0 ? [] : this.#chunks.slice(kept);
  }

  #notify(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}
