import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { Chunk } from '@podman-api/podman';
import type { Seal } from '../seal.ts';

/** Below this many bytes compressing saves less than its 0.3 ms there and back are worth to who waits (measured). */
const worthwhile = 16 * 1024;
const streams = ['stdout', 'stderr'] as const;
/** A stream's number and a length. */
const headLength = 5;

/** Packs output for Redis: compressed and sealed, for a command may well print a secret. */
export function packOutput(chunks: readonly Chunk[], seal: Seal, job: string): Buffer {
  const plain = Buffer.concat(chunks.flatMap(({ stream, bytes }) => [headOf(streams.indexOf(stream), bytes.length), bytes]));
  const small = plain.length < worthwhile;
  return seal.seal(Buffer.concat([Buffer.of(small ? 0 : 1), small ? plain : zstdCompressSync(plain)]), job);
}

/** @throws Error where it was sealed with another key */
export function unpackOutput(packed: Uint8Array, seal: Seal, job: string): Chunk[] {
  const opened = seal.open(packed, job);
  const plain = opened[0] === 0 ? opened.subarray(1) : zstdDecompressSync(opened.subarray(1));
  const chunks: Chunk[] = [];
  for (let at = 0; at < plain.length; ) {
    const length = plain.readUInt32BE(at + 1);
    const stream = streams[plain.readUInt8(at)] ?? 'stdout';
    chunks.push({ stream, bytes: plain.subarray(at + headLength, at + headLength + length) });
    at += headLength + length;
  }
  return chunks;
}

/** Packs a result as output is packed, in base64. */
export function packResult(result: object, seal: Seal, job: string): string {
  return packOutput([{ stream: 'stdout', bytes: Buffer.from(JSON.stringify(result)) }], seal, job).toString('base64');
}

/** @throws Error where it was sealed with another key */
export function unpackResult(packed: string, seal: Seal, job: string): object {
  const [chunk] = unpackOutput(Buffer.from(packed, 'base64'), seal, job);
  return JSON.parse(Buffer.from(chunk?.bytes ?? []).toString());
}

function headOf(stream: number, length: number): Buffer {
  const head = Buffer.alloc(headLength);
  head.writeUInt8(stream, 0);
  head.writeUInt32BE(length, 1);
  return head;
}
