import type { RedisClient } from '@podman-api/redis';
import type { Chunk, Output, StreamName, Take } from '@podman-api/runtime';
import { packOutput } from '../record/pack.ts';
import type { Seal } from '../seal.ts';
import { appendOutput } from './append.ts';

/** Output that arrives within this time of other output shares an entry with it. */
const gatherMs = 15;
/** Largest entry. */
const maxEntryBytes = 64 * 1024;
/** What an entry costs in Redis beside its bytes; it counts as output for entries smaller than `smallEntryBytes`. */
const entryCostBytes = 100;
const smallEntryBytes = 1000;
/** How much of each stream the answer holds. */
const maxInlineBytes = 64 * 1024;
/** Output on its way to Redis beyond which the command has to wait. */
const maxInFlightBytes = 1024 * 1024;

/** What a job's command wrote. */
export interface Recorded extends Output {
  /** Bytes of the entries in Redis, which hold the whole output if it does not fit in the answer. */
  readonly storedBytes: number;
}

/** Records what a job's command writes: in Redis as it arrives, and its start for the answer. */
export interface Recorder {
  readonly take: Take;
  end(): Recorded;
}

/** @param maxBytes how much of the job's output is kept */
export function createRecorder(redis: RedisClient, seal: Seal, id: string, maxBytes: number): Recorder {
  const inline: Chunk[] = [];
  const inlined = { stdout: 0, stderr: 0 };
  let pending: Chunk[] = [];
  let pendingBytes = 0;
  let written = 0;
  let truncated = false;
  let number = 0;
  let overhead = 0;
  let storedBytes = 0;
  let inFlight = 0;
  let timer: NodeJS.Timeout | undefined;
  let hasRoom: PromiseWithResolvers<void> | undefined;

  const append = (chunk: Chunk) => {
    const packed = packOutput([chunk], seal, id);
    storedBytes += packed.length + entryCostBytes;
    inFlight += packed.length + entryCostBytes;
    number += 1;
    if (chunk.bytes.length < smallEntryBytes) overhead += entryCostBytes;
    void appendOutput(redis, id, number, packed)
      .catch(() => {})
      .then(() => {
        inFlight -= packed.length + entryCostBytes;
        if (inFlight >= maxInFlightBytes) return;
        hasRoom?.resolve();
        hasRoom = undefined;
      });
  };

  const keep = ({ stream, bytes }: Chunk) => {
    const room = maxInlineBytes - inlined[stream];
    inlined[stream] += bytes.length;
    if (bytes.length > room) truncated = true;
    if (room > 0) inline.push({ stream, bytes: bytes.subarray(0, room) });
  };

  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    const { whole, rest } = cutCharacters(pending);
    pending = rest;
    pendingBytes = rest.reduce((sum, { bytes }) => sum + bytes.length, 0);
    for (const chunk of whole) {
      keep(chunk);
      append(chunk);
    }
  };

  return {
    take(stream, bytes) {
      const piece = bytes.subarray(0, Math.max(0, maxBytes - written - overhead));
      if (piece.length < bytes.length) truncated = true;
      written += piece.length;
      for (let at = 0; at < piece.length; at += maxEntryBytes) gather(pending, stream, piece.subarray(at, at + maxEntryBytes));
      pendingBytes += piece.length;
      if (pendingBytes >= maxEntryBytes) flush();
      else if (pendingBytes > 0) timer ??= setTimeout(flush, gatherMs);
      if (inFlight < maxInFlightBytes) return undefined;
      hasRoom ??= Promise.withResolvers();
      return hasRoom.promise;
    },
    end() {
      clearTimeout(timer);
      for (const chunk of pending) keep(chunk);
      // An answer that holds everything needs no entries.
      if (truncated) for (const chunk of pending) append(chunk);
      pending = [];
      return { chunks: inline, truncated, storedBytes: truncated ? storedBytes : 0 };
    },
  };
}

/** Adds a piece to the last chunk if that is of the same stream and small enough, else as a chunk of its own. */
function gather(chunks: Chunk[], stream: StreamName, bytes: Uint8Array): void {
  const last = chunks.at(-1);
  if (last?.stream === stream && last.bytes.length + bytes.length <= maxEntryBytes) {
    chunks[chunks.length - 1] = { stream, bytes: Buffer.concat([last.bytes, bytes]) };
  } else {
    chunks.push({ stream, bytes });
  }
}

/** Splits off an incomplete character at the end of each stream, whose rest is still to come. */
function cutCharacters(chunks: readonly Chunk[]): { whole: Chunk[]; rest: Chunk[] } {
  const rest: Chunk[] = [];
  const whole = chunks.map((chunk, index) => {
    const last = !chunks.slice(index + 1).some(({ stream }) => stream === chunk.stream);
    const over = last ? incompleteBytes(chunk.bytes) : 0;
    if (over === 0) return chunk;
    rest.push({ stream: chunk.stream, bytes: chunk.bytes.subarray(chunk.bytes.length - over) });
    return { stream: chunk.stream, bytes: chunk.bytes.subarray(0, chunk.bytes.length - over) };
  });
  return { whole: whole.filter(({ bytes }) => bytes.length > 0), rest };
}

/**
 * Returns how many bytes at the end of UTF-8 text begin a character whose rest is still to come: 0 to 3, and 0 if the end is
 * not UTF-8 (RFC 3629, section 3).
 */
function incompleteBytes(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0b1100_0000) === 0b1000_0000) continue;
    const length = byte >= 0xf0 && byte <= 0xf4 ? 4 : byte >= 0xe0 && byte < 0xf0 ? 3 : byte >= 0xc2 && byte < 0xe0 ? 2 : 1;
    return length > back ? back : 0;
  }
  return 0;
}
