import { readSync, writevSync } from 'node:fs';
import { encodeLength } from '../protocol.ts';

const stdin = 0;
const stdout = 1;
/** More than the kernel keeps in a socket, so that a read takes all that has arrived. */
const bufferBytes = 256 * 1024;

/** The helper's connection to the worker; see protocol.ts. */
export interface Connection {
  /** Whether the content of the request, if there was any, was read to its end. */
  readonly isContentRead: boolean;
  /** Reads a line; each character is a byte of it, see byte-strings.ts. @returns `undefined` if stdin has ended */
  readLine(): string | undefined;
  /**
   * Reads the chunks of a content. A piece is valid until the next one is read: they share a buffer.
   * @param incomplete creates the error for a content that ends before it is complete
   */
  readContent(incomplete: () => Error): Generator<Buffer>;
  /** Writes a line; each character is a byte of it. */
  writeLine(line: string): void;
  /** Writes a chunk; an empty one ends the chunks. The bytes can be changed afterwards. */
  writeChunk(bytes: Uint8Array): void;
}

/**
 * Connects to the worker by stdin and stdout. Reads and writes block, because a helper does one thing at a time: a large buffer for all
 * reads takes half the CPU time of Node.js's streams, and a helper that waits takes none.
 */
export function openConnection(): Connection {
  const buffer = Buffer.allocUnsafe(bufferBytes);
  let rest = buffer.subarray(0, 0);
  let isContentRead = true;

  /** Reads what has arrived in place of the rest, which must be empty. @returns whether stdin continues */
  const readMore = (): boolean => {
    rest = buffer.subarray(0, readSync(stdin, buffer));
    return rest.length > 0;
  };
  /** Returns the next bytes, at most as many as given. */
  const take = (maxBytes: number): Buffer => {
    const bytes = rest.subarray(0, maxBytes);
    rest = rest.subarray(bytes.length);
    return bytes;
  };
  /** Reads the length of a chunk. @returns `undefined` if stdin has ended */
  const readLength = (): number | undefined => {
    let length = 0;
    for (let byte = 0; byte < 4; byte += 1) {
      if (rest.length === 0 && !readMore()) return undefined;
      length = length * 256 + take(1).readUInt8();
    }
    return length;
  };

  return {
    get isContentRead() {
      return isContentRead;
    },
    readLine() {
      const parts: Buffer[] = [];
      for (;;) {
        if (rest.length === 0 && !readMore()) return undefined;
        const end = rest.indexOf(10);
        parts.push(Buffer.from(take(end < 0 ? rest.length : end)));
        if (end < 0) continue;
        take(1);
        return Buffer.concat(parts).toString('latin1');
      }
    },
    *readContent(incomplete) {
      isContentRead = false;
      for (let remaining = readLength(); remaining !== 0; remaining = readLength()) {
        while (remaining !== 0) {
          if (remaining === undefined || (rest.length === 0 && !readMore())) throw incomplete();
          const piece = take(remaining);
          remaining -= piece.length;
          yield piece;
        }
      }
      isContentRead = true;
    },
    writeLine: line => writeAll([Buffer.from(`${line}\n`, 'latin1')]),
    writeChunk(bytes) {
      const length = encodeLength(bytes.length);
      writeAll(bytes.length === 0 ? [length] : [length, bytes]);
    },
  };
}

/** Writes buffers to stdout. The kernel may take a part of them at a time. */
function writeAll(buffers: readonly Uint8Array[]): void {
  let remaining = buffers;
  while (remaining.length > 0) {
    let written = writevSync(stdout, remaining);
    remaining = remaining.flatMap(bytes => {
      const part = bytes.subarray(Math.min(written, bytes.length));
      written -= bytes.length - part.length;
      return part.length === 0 ? [] : [part];
    });
  }
}
