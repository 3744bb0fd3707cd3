import type { OutputChunk, StreamName } from '@podman-api/runtime';

/**
 * Bytes before each piece of output on the channel: the stream (1 stdout, 2 stderr), three zeros, and the length as a big-endian
 * number of 32 bits, as in Docker's streams (https://docs.docker.com/reference/api/engine/, "Stream format").
 */
const headerBytes = 8;
/** A longer piece can only come from a faulty worker. */
const maxPieceBytes = 16 * 1024 * 1024;
const streamNumbers = { stdout: 1, stderr: 2 } as const;

/** Packs a piece of output, as it is sent on the channel and to Docker's clients. */
export function packOutput({ stream, bytes }: OutputChunk): Buffer {
  const header = Buffer.alloc(headerBytes);
  header[0] = streamNumbers[stream];
  header.writeUInt32BE(bytes.length, 4);
  return Buffer.concat([header, bytes]);
}

/** Reads the pieces of output from the bytes of a channel, which splits them anywhere. */
export class OutputFrames {
  #rest: Buffer = Buffer.alloc(0);

  /** Returns the pieces that are complete. @throws Error if the bytes are not pieces of output */
  push(bytes: Uint8Array): readonly OutputChunk[] {
    const packed = this.pushPacked(bytes);
    const chunks: OutputChunk[] = [];
    for (let at = 0; at < packed.length; ) {
      const end = at + headerBytes + packed.readUInt32BE(at + 4);
      chunks.push({ stream: streamOf(packed[at]), bytes: packed.subarray(at + headerBytes, end) });
      at = end;
    }
    return chunks;
  }

  /** Returns the pieces that are complete, still packed and one after the other. @throws Error if the bytes are not pieces of output */
  pushPacked(bytes: Uint8Array): Buffer {
    const all = this.#rest.length === 0 ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length) : Buffer.concat([this.#rest, bytes]);
    let end = 0;
    while (all.length - end >= headerBytes) {
      streamOf(all[end]);
      const length = all.readUInt32BE(end + 4);
      if (length > maxPieceBytes) throw new Error('a piece of output is too long');
      if (all.length - end < headerBytes + length) break;
      end += headerBytes + length;
    }
    this.#rest = all.subarray(end);
    return all.subarray(0, end);
  }
}

function streamOf(number: number | undefined): StreamName {
  if (number === streamNumbers.stdout) return 'stdout';
  if (number === streamNumbers.stderr) return 'stderr';
  throw new Error('a piece of output has no stream');
}
