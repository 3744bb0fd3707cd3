/** A piece of what comes out of a session: bytes of the command's, or a word of the shell's about it. */
export type Piece = { readonly bytes: Buffer } | { readonly word: string };

/** What a nonce begins with: a byte that text hardly ever ends with, so that nothing has to be held back for it. */
export const noncePrefix = '\x1e';

/** Words are `<nonce> <word>` and a newline; this is more than the longest of them. */
const longestWord = 16;

/** Tells the shell's words in a stream from what the command writes between them. */
export class WordReader {
  readonly #nonce: Buffer;
  #rest: Buffer = Buffer.alloc(0);

  constructor(nonce: string) {
    this.#nonce = Buffer.from(`${nonce} `);
  }

  /** The pieces that are complete, with a further chunk of the stream. */
  read(chunk: Buffer): Piece[] {
    const pieces: Piece[] = [];
    let left = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    for (;;) {
      const at = left.indexOf(this.#nonce);
      if (at < 0) break;
      const begin = at + this.#nonce.length;
      const end = left.subarray(begin, begin + longestWord).indexOf('\n');
      if (end < 0 && left.length - begin < longestWord) return this.#keep(pieces, left, at);
      if (end < 0) {
        // Not by the shell: who has found out the nonce must not make this process wait for the end of it.
        pieces.push({ bytes: left.subarray(0, begin) });
        left = left.subarray(begin);
        continue;
      }
      if (at > 0) pieces.push({ bytes: left.subarray(0, at) });
      pieces.push({ word: left.toString('latin1', begin, begin + end) });
      left = left.subarray(begin + end + 1);
    }
    return this.#keep(pieces, left, this.#mayBegin(left));
  }

  #keep(pieces: Piece[], left: Buffer, from: number): Piece[] {
    if (from > 0) pieces.push({ bytes: left.subarray(0, from) });
    this.#rest = left.subarray(from);
    return pieces;
  }

  /** Where the end of a chunk may be the beginning of a nonce. */
  #mayBegin(chunk: Buffer): number {
    const from = chunk.lastIndexOf(noncePrefix);
    if (from < 0 || chunk.length - from >= this.#nonce.length) return chunk.length;
    return this.#nonce.subarray(0, chunk.length - from).equals(chunk.subarray(from)) ? from : chunk.length;
  }
}
