import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { OutputChunk } from '@podman-api/runtime';
import type { Seal } from '../seal.ts';

/** Smaller output is not compressed: it would cost 0.3 ms per job (measured) and save little. */
const minCompressedBytes = 16 * 1024;
const streams = ['stdout', 'stderr'] as const;
/** Bytes before each chunk: the stream's number, and the length as 32 bits. */
const headerLength = 5;

/** Packs output for Redis: compressed, and sealed because commands print secrets. */
export function packOutput(chunks: readonly OutputChunk[], seal: Seal, job: string): Buffer {
  const plain = Buffer.concat(chunks.flatMap(({ stream, bytes }) => [headerOf(streams.indexOf(stream), bytes.length), bytes]));
  const isSmall = plain.length < minCompressedBytes;
  return seal.seal(Buffer.concat([Buffer.of(isSmall ? 0 : 1), isSmall ? plain : zstdCompressSync(plain)]), job);
}

/** Unpacks output. @throws Error if it was sealed with another key or for another job */
export function unpackOutput(packed: Uint8Array, seal: Seal, job: string): OutputChunk[] {
  const opened = seal.open(packed, job);
  const plain = opened[0] === 0 ? opened.subarray(1) : zstdDecompressSync(opened.subarray(1));
  const chunks: OutputChunk[] = [];
  for (let at = 0; at < plain.length; ) {
    const length = plain.readUInt32BE(at + 1);
    const stream = streams[plain.readUInt8(at)] ?? 'stdout';
    chunks.push({ stream, bytes: plain.subarray(at + headerLength, at + headerLength + length) });
    at += headerLength + length;
  }
  return chunks;
}

/** Packs a result as output is packed, in base64. */
export function packResult(result: object, seal: Seal, job: string): string {
  return packOutput([{ stream: 'stdout', bytes: Buffer.from(JSON.stringify(result)) }], seal, job).toString('base64');
}

/** Unpacks a result. @throws Error if it was sealed with another key or for another job */
export function unpackResult(packed: string, seal: Seal, job: string): object {
  const [chunk] = unpackOutput(Buffer.from(packed, 'base64'), seal, job);
  const { buffer, byteOffset, byteLength } = chunk?.bytes ?? new Uint8Array();
  // Not copied: a result can be as large as a log.
  return JSON.parse(Buffer.from(buffer, byteOffset, byteLength).toString());
}

function headerOf(stream: number, length: number): Buffer {
  const header = Buffer.alloc(headerLength);
  header.writeUInt8(stream, 0);
  header.writeUInt32BE(length, 1);
  return header;
}
