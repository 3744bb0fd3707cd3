/** A part of a session's output: output of the command, or a message of the shell about it. See PROTOCOL.md. */
export type StreamPart = { readonly output: Buffer } | { readonly message: string };

/** First byte of each nonce. Text hardly ever ends with it, so that output is hardly ever held back for the rest of a nonce. */
export const noncePrefix = '\x1e';

/** A message has at most 15 bytes, and a newline. */
const maxMessageBytes = 16;

/** Separates the shell's messages, `<nonce> <message>` and a newline, from the command's output on one stream. */
export class MessageReader {
  readonly #marker: Buffer;
  #pending: Buffer = Buffer.alloc(0);

  constructor(nonce: string) {
    this.#marker = Buffer.from(`${nonce} `);
  }

  /** Returns the parts that are complete with one more chunk of the stream. */
  read(chunk: Buffer): StreamPart[] {
    const parts: StreamPart[] = [];
    let rest = this.#pending.length > 0 ? Buffer.concat([this.#pending, chunk]) : chunk;
    for (;;) {
      const markerStart = rest.indexOf(this.#marker);
      if (markerStart < 0) break;
      const start = markerStart + this.#marker.length;
      const length = rest.subarray(start, start + maxMessageBytes).indexOf('\n');
      if (length < 0 && rest.length - start < maxMessageBytes) return this.#keepPending(parts, rest, markerStart);
      if (length < 0) {
        // Not from the shell: a process that knows the nonce must not make this reader wait for a newline.
        parts.push({ output: rest.subarray(0, start) });
        rest = rest.subarray(start);
        continue;
      }
      if (markerStart > 0) parts.push({ output: rest.subarray(0, markerStart) });
      parts.push({ message: rest.toString('latin1', start, start + length) });
      rest = rest.subarray(start + length + 1);
    }
    return this.#keepPending(parts, rest, this.#partialMarkerStart(rest));
  }

  /** Adds the output before an offset, and keeps the rest for the next chunk. */
  #keepPending(parts: StreamPart[], bytes: Buffer, from: number): StreamPart[] {
    if (from > 0) parts.push({ output: bytes.subarray(0, from) });
    this.#pending = bytes.subarray(from);
    return parts;
  }

  /** Returns where a marker may start that the next chunk completes; the length if there is none. */
  #partialMarkerStart(bytes: Buffer): number {
    const from = bytes.lastIndexOf(noncePrefix);
    if (from < 0 || bytes.length - from >= this.#marker.length) return bytes.length;
    return this.#marker.subarray(0, bytes.length - from).equals(bytes.subarray(from)) ? from : bytes.length;
  }
}
