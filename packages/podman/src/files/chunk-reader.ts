import type { Readable } from 'node:stream';

const noBytes = Buffer.alloc(0);

/** Reads the lines and chunks of a helper; see protocol.ts. */
export class ChunkReader {
  readonly #stream: NodeJS.AsyncIterator<Buffer>;
  #rest: Buffer = noBytes;

  constructor(stream: Readable) {
    this.#stream = stream.iterator({ destroyOnReturn: false });
  }

  /** Reads a line. @returns `undefined` if the stream ends before */
  async readLine(): Promise<string | undefined> {
    const parts: Buffer[] = [];
    for (;;) {
      if (this.#rest.length === 0 && !(await this.#readMore())) return undefined;
      const end = this.#rest.indexOf(10);
      parts.push(this.#rest.subarray(0, end < 0 ? undefined : end));
      this.#rest = end < 0 ? noBytes : this.#rest.subarray(end + 1);
      if (end >= 0) return Buffer.concat(parts).toString();
    }
  }

  /**
   * Passes on the bytes of chunks as they arrive, up to the empty chunk; no more is read before `onBytes` has resolved.
   * @returns false if the stream ends before
   */
  async readChunks(onBytes: (bytes: Buffer) => Promise<void>): Promise<boolean> {
    for (;;) {
      while (this.#rest.length < 4) if (!(await this.#readMore())) return false;
      let remaining = this.#rest.readUInt32BE();
      this.#rest = this.#rest.subarray(4);
      if (remaining === 0) return true;
      while (remaining > 0) {
        if (this.#rest.length === 0 && !(await this.#readMore())) return false;
        const bytes = this.#rest.subarray(0, remaining);
        this.#rest = this.#rest.subarray(bytes.length);
        remaining -= bytes.length;
        await onBytes(bytes);
      }
    }
  }

  async #readMore(): Promise<boolean> {
    const { value, done } = await this.#stream.next();
    if (done) return false;
    this.#rest = this.#rest.length === 0 ? value : Buffer.concat([this.#rest, value]);
    return true;
  }
}
