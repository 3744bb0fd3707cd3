import type { Output } from '@podman-api/operations';
import type { Chunk, StreamName, Take } from '@podman-api/podman';
import type { RedisClient } from '../redis.ts';
import type { Seal } from '../seal.ts';
import { appendOutput } from './append.ts';
import { packOutput } from './pack.ts';
import { unfinished } from './whole-characters.ts';

/** Output that comes within so many ms of other output stands in one entry with it. */
const gatherFor = 15;
/** The largest entry, in bytes. */
const entryLimit = 64 * 1024;
/** What an entry costs in Redis beside its bytes, and which are so small that it counts as output. */
const entryCost = 100;
const small = 1000;
/** How much of each stream stands in an answer, in bytes. */
const inlineLimit = 64 * 1024;
/** How much may be on its way to Redis, in bytes, before the command has to wait. */
const flightLimit = 1024 * 1024;

/** Everything a job's command wrote, in a form to be kept. */
export interface Recorded extends Output {
  /** Bytes of the entries in Redis, which hold all of the output where it is more than an answer has room for. */
  readonly logged: number;
}

/** Takes what a job's command writes: into Redis as it comes, and the start of it for the answer. */
export interface Recorder {
  readonly take: Take;
  end(): Recorded;
}

/** @param limit how much of a job's output is kept, in bytes */
export function createRecorder(redis: RedisClient, seal: Seal, id: string, limit: number): Recorder {
  const inline: Chunk[] = [];
  const inlined = { stdout: 0, stderr: 0 };
  let pending: Chunk[] = [];
  let pendingBytes = 0;
  let written = 0;
  let truncated = false;
  let number = 0;
  let overhead = 0;
  let logged = 0;
  let inFlight = 0;
  let timer: NodeJS.Timeout | undefined;
  let landed: PromiseWithResolvers<void> | undefined;

  const append = (chunk: Chunk) => {
    const packed = packOutput([chunk], seal, id);
    logged += packed.length + entryCost;
    inFlight += packed.length + entryCost;
    number += 1;
    if (chunk.bytes.length < small) overhead += entryCost;
    void appendOutput(redis, id, number, packed)
      .catch(() => {})
      .then(() => {
        inFlight -= packed.length + entryCost;
        if (inFlight >= flightLimit) return;
        landed?.resolve();
        landed = undefined;
      });
  };

  const keep = ({ stream, bytes }: Chunk) => {
    const room = inlineLimit - inlined[stream];
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
      const piece = bytes.subarray(0, Math.max(0, limit - written - overhead));
      if (piece.length < bytes.length) truncated = true;
      written += piece.length;
      for (let at = 0; at < piece.length; at += entryLimit) gather(pending, stream, piece.subarray(at, at + entryLimit));
      pendingBytes += piece.length;
      if (pendingBytes >= entryLimit) flush();
      else if (pendingBytes > 0) timer ??= setTimeout(flush, gatherFor);
      if (inFlight < flightLimit) return undefined;
      landed ??= Promise.withResolvers();
      return landed.promise;
    },
    end() {
      clearTimeout(timer);
      for (const chunk of pending) keep(chunk);
      // An answer that has room for all needs no entries beside it.
      if (truncated) for (const chunk of pending) append(chunk);
      pending = [];
      return { chunks: inline, truncated, logged: truncated ? logged : 0 };
    },
  };
}

/** Adds a piece to the last chunk where that is of the same stream and small, or as one of its own. */
function gather(chunks: Chunk[], stream: StreamName, bytes: Uint8Array): void {
  const last = chunks.at(-1);
  if (last?.stream === stream && last.bytes.length + bytes.length <= entryLimit) {
    chunks[chunks.length - 1] = { stream, bytes: Buffer.concat([last.bytes, bytes]) };
  } else {
    chunks.push({ stream, bytes });
  }
}

/** Leaves a character at the end of a stream's last chunk for later whose rest is still to come. */
function cutCharacters(chunks: readonly Chunk[]): { whole: Chunk[]; rest: Chunk[] } {
  const rest: Chunk[] = [];
  const whole = chunks.map((chunk, index) => {
    const last = !chunks.slice(index + 1).some(({ stream }) => stream === chunk.stream);
    const over = last ? unfinished(chunk.bytes) : 0;
    if (over === 0) return chunk;
    rest.push({ stream: chunk.stream, bytes: chunk.bytes.subarray(chunk.bytes.length - over) });
    return { stream: chunk.stream, bytes: chunk.bytes.subarray(0, chunk.bytes.length - over) };
  });
  return { whole: whole.filter(({ bytes }) => bytes.length > 0), rest };
}
