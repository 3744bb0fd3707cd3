import { type PackedFrame, packBytes } from './frames.ts';

/**
 * Maximum size of an entry in bytes, before it is sealed. Sealed, it is below 512 KiB: Redis's allocator takes 640 KiB for a little more
 * (jemalloc(3), size classes). With the window of 4 entries, 2 MiB of a direction wait in Redis at most. Smaller entries are slower on a
 * busy host, where each round trip takes milliseconds.
 */
const maxEntryBytes = 511 * 1024;

/** Gathers the bytes that a channel sends into entries that are as large as possible. */
export class WriteBuffer {
  readonly #append: (packed: PackedFrame) => Promise<void>;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #flushing: Promise<void> | undefined;
  /** Shared by all writers that wait; `undefined` if none waits. */
  #roomAvailable: PromiseWithResolvers<void> | undefined;

  /** @param append stores an entry. If it fails, the channel is broken: the buffer drops what it holds */
  constructor(append: (packed: PackedFrame) => Promise<void>) {
    this.#append = append;
  }

  /** Adds bytes. Resolves when more can be added, or when `append` has failed. */
  async write(bytes: Uint8Array): Promise<void> {
    this.#pending.push(bytes);
    this.#pendingBytes += bytes.length;
    if (!this.#flushing) {
      this.#flushing = this.#flush();
      // The next call of the channel reports the error.
      this.#flushing.catch(() => this.#announceRoom());
    }
    if (this.#pendingBytes < maxEntryBytes) return;
    this.#roomAvailable ??= Promise.withResolvers();
    await this.#roomAvailable.promise;
  }

  /** Resolves when all bytes are stored. @throws the error of `append` */
  async drain(): Promise<void> {
    while (this.#flushing) await this.#flushing;
  }

  /** Drops the bytes that are not stored. */
  clear(): void {
    this.#pending = [];
  }

  async #flush(): Promise<void> {
    try {
      while (this.#pendingBytes > 0) {
        const { taken, takenBytes, rest } = takeBytes(this.#pending, maxEntryBytes);
        this.#pending = rest;
        this.#pendingBytes -= takenBytes;
        if (this.#pendingBytes < maxEntryBytes) this.#announceRoom();
        await this.#append(packBytes(taken));
      }
    } finally {
      this.#flushing = undefined;
    }
  }

  #announceRoom(): void {
    this.#roomAvailable?.resolve();
    this.#roomAvailable = undefined;
  }
}

/** Splits off the first bytes of some pieces. */
function takeBytes(pieces: readonly Uint8Array[], maxBytes: number) {
  const taken: Uint8Array[] = [];
  let takenBytes = 0;
  for (const [index, piece] of pieces.entries()) {
    const part = piece.subarray(0, maxBytes - takenBytes);
    taken.push(part);
    takenBytes += part.length;
    if (part.length < piece.length) return { taken, takenBytes, rest: [piece.subarray(part.length), ...pieces.slice(index + 1)] };
    if (takenBytes === maxBytes) return { taken, takenBytes, rest: pieces.slice(index + 1) };
  }
  return { taken, takenBytes, rest: [] };
}
