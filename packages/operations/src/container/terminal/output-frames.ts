import type { OutputChunk, StreamName } from '@podman-api/runtime';

/**
 * Bytes before each piece of output on the channel: the stream (1 stdout, 2 stderr), three zeros, and the length as a big-endian
 * number of 32 bits, as in Docker's streams (https://docs.docker.com/reference/api/engine/, "Stream format").
 */
const headerBytes = 8;
/** A longer piece can only come from a faulty worker. */
const maxPieceBytes = 16 * 1024 * 1024;
const streamNumbers = { stdout: 1, stderr: 2 } as const;

/** Packs a piece of output. */
export function packOutput({ stream, bytes }: OutputChunk): Buffer {
  const header = Buffer.alloc(headerBytes);
  header[0] = streamNumbers[stream];
  header.writeUInt32BE(bytes.length, 4);
  return Buffer.concat([header, bytes]);
}

/** Unpacks the pieces of output from the bytes of a channel, which splits them anywhere. */
export class OutputFrames {
  #rest = Buffer.alloc(0);

  /** Returns the pieces that are complete. @throws Error if the bytes are not pieces of output */
  push(bytes: Uint8Array): readonly OutputChunk[] {
    let rest = Buffer.concat([this.#rest, bytes]);
    const chunks: OutputChunk[] = [];
    while (rest.length >= headerBytes) {
      const length = rest.readUInt32BE(4);
      if (length > maxPieceBytes) throw new Error('a piece of output is too long');
      if (rest.length < headerBytes + length) break;
      chunks.push({ stream: streamOf(rest[0]), bytes: rest.subarray(headerBytes, headerBytes + length) });
      rest = rest.subarray(headerBytes + length);
    }
    this.#rest = rest;
    return chunks;
  }
}

function streamOf(number: number | undefined): StreamName {
  if (number === streamNumbers.stdout) return 'stdout';
  if (number === streamNumbers.stderr) return 'stderr';
  throw new Error('a piece of output has no stream');
}
