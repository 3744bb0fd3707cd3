import type { RedisClient } from '@podman-api/redis';
import type { ChunkSink, Output, OutputChunk, StreamName } from '@podman-api/runtime';
import { packOutput } from '../record/pack.ts';
import type { Seal } from '../seal.ts';
import { appendOutput } from './append.ts';

/** Output that arrives within this time is stored as one entry. */
const gatherMs = 15;
/** Maximum size of an entry. */
const maxEntryBytes = 64 * 1024;
/** Overhead of an entry in Redis. It counts towards the output limit for entries smaller than `smallEntryBytes`. */
const entryCostBytes = 100;
const smallEntryBytes = 1000;
/** Maximum output of each stream that the outcome contains. */
const maxInlineBytes = 64 * 1024;
/** Maximum output on its way to Redis; beyond it the command is paused (back-pressure). */
const maxInFlightBytes = 1024 * 1024;

/** The recorded output of a job's command. */
export interface RecordedOutput extends Output {
  /** Size of the entries in Redis, which contain the whole output; 0 if the outcome contains everything. */
  readonly storedBytes: number;
}

/** Records the output of a job's command: in Redis as it arrives, and its start for the outcome. */
export interface Recorder {
  readonly write: ChunkSink;
  /** Stores the rest and returns what was recorded. */
  end(): Promise<RecordedOutput>;
}

/** Creates a recorder. @param maxBytes maximum output that is kept; the rest is dropped */
export function createRecorder(redis: RedisClient, seal: Seal, id: string, maxBytes: number): Recorder {
  const inline: OutputChunk[] = [];
  const inlineBytes = { stdout: 0, stderr: 0 };
  let pending: OutputChunk[] = [];
  let pendingBytes = 0;
  let writtenBytes = 0;
  /** Whether the outcome has only the beginning of a stream. */
  let isCut = false;
  /** Whether output was dropped because of `maxBytes`. */
  let hasDropped = false;
  /** Whether Redis has rejected an entry. */
  let hasFailed = false;
  let number = 0;
  let overheadBytes = 0;
  let storedBytes = 0;
  let inFlightBytes = 0;
  const appending = new Set<Promise<void>>();
  let timer: NodeJS.Timeout | undefined;
  let roomAvailable: PromiseWithResolvers<void> | undefined;

  const append = (chunk: OutputChunk) => {
    const packed = packOutput([chunk], seal, id);
    storedBytes += packed.length + entryCostBytes;
    inFlightBytes += packed.length + entryCostBytes;
    number += 1;
    if (chunk.bytes.length < smallEntryBytes) overheadBytes += entryCostBytes;
    const appended = appendOutput(redis, id, number, packed)
      .catch(() => {
        hasFailed = true;
      })
      .then(() => {
        appending.delete(appended);
        inFlightBytes -= packed.length + entryCostBytes;
        if (inFlightBytes >= maxInFlightBytes) return;
        roomAvailable?.resolve();
        roomAvailable = undefined;
      });
    appending.add(appended);
  };

  const addInline = ({ stream, bytes }: OutputChunk) => {
    const roomBytes = maxInlineBytes - inlineBytes[stream];
    inlineBytes[stream] += bytes.length;
    if (bytes.length > roomBytes) isCut = true;
    if (roomBytes > 0) inline.push({ stream, bytes: bytes.subarray(0, roomBytes) });
  };

  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    const { whole, rest } = cutCharacters(pending);
    pending = rest;
    pendingBytes = rest.reduce((sum, { bytes }) => sum + bytes.length, 0);
    for (const chunk of whole) {
      addInline(chunk);
      append(chunk);
    }
  };

  return {
    write(stream, bytes) {
      const piece = bytes.subarray(0, Math.max(0, maxBytes - writtenBytes - overheadBytes));
      if (piece.length < bytes.length) hasDropped = true;
      writtenBytes += piece.length;
      for (let at = 0; at < piece.length; at += maxEntryBytes) gather(pending, stream, piece.subarray(at, at + maxEntryBytes));
      pendingBytes += piece.length;
      if (pendingBytes >= maxEntryBytes) flush();
      else if (pendingBytes > 0) timer ??= setTimeout(flush, gatherMs);
      if (inFlightBytes < maxInFlightBytes) return undefined;
      roomAvailable ??= Promise.withResolvers();
      return roomAvailable.promise;
    },
    async end() {
      clearTimeout(timer);
      for (const chunk of pending) addInline(chunk);
      // If the outcome contains everything, the entries are not needed.
      if (!isCut && !hasDropped) return { chunks: inline, truncated: false, incomplete: false, storedBytes: 0 };
      for (const chunk of pending) append(chunk);
      pending = [];
      await Promise.all(appending);
      return { chunks: inline, truncated: true, incomplete: hasDropped || hasFailed, storedBytes };
    },
  };
}

/** Appends bytes to the last chunk if that has the same stream and stays small enough, otherwise as a new chunk. */
function gather(chunks: OutputChunk[], stream: StreamName, bytes: Uint8Array): void {
  const last = chunks.at(-1);
  if (last?.stream === stream && last.bytes.length + bytes.length <= maxEntryBytes) {
    chunks[chunks.length - 1] = { stream, bytes: Buffer.concat([last.bytes, bytes]) };
  } else {
    chunks.push({ stream, bytes });
  }
}

/** Splits off an incomplete UTF-8 character at the end of each stream. */
function cutCharacters(chunks: readonly OutputChunk[]): { whole: OutputChunk[]; rest: OutputChunk[] } {
  const rest: OutputChunk[] = [];
  const whole = chunks.map((chunk, index) => {
    const isLast = !chunks.slice(index + 1).some(({ stream }) => stream === chunk.stream);
    const over = isLast ? countIncompleteBytes(chunk.bytes) : 0;
    if (over === 0) return chunk;
    rest.push({ stream: chunk.stream, bytes: chunk.bytes.subarray(chunk.bytes.length - over) });
    return { stream: chunk.stream, bytes: chunk.bytes.subarray(0, chunk.bytes.length - over) };
  });
  return { whole: whole.filter(({ bytes }) => bytes.length > 0), rest };
}

/**
 * Returns the number of bytes of an incomplete UTF-8 character at the end of a string: 0 to 3; 0 if the end is not UTF-8
 * (RFC 3629, section 3).
 */
function countIncompleteBytes(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0b1100_0000) === 0b1000_0000) continue;
    const length = byte >= 0xf0 && byte <= 0xf4 ? 4 : byte >= 0xe0 && byte < 0xf0 ? 3 : byte >= 0xc2 && byte < 0xe0 ? 2 : 1;
    return length > back ? back : 0;
  }
  return 0;
}
