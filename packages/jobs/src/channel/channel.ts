import { ApiError, toApiError } from '@podman-api/errors';
import { type RedisClient, redisUnavailable, withRedisErrors } from '@podman-api/redis';
import { type ByteChannel, type ChannelFrame, rejectOnAbort } from '@podman-api/runtime';
import type { Seal } from '../seal.ts';
import { openEntry, type PackedFrame, packBytes, packEnd, packMessage, sealEntry, unpackFrame } from './frames.ts';
import { type Absence, type ChannelSide, deleteChannel, isAbsence, otherEnd, readEntries, touchChannel, writeEntry } from './scripts.ts';

/**
 * Maximum size of an entry in bytes, before it is sealed. With the window of 8 entries, 4 MiB of a direction wait in Redis at most.
 * Smaller entries are slower on a busy host, where each round trip takes milliseconds.
 */
const maxEntryBytes = 512 * 1024;

/** An end that was not seen for this long counts as dead, and so does Redis. Longer than a busy host delays a process. */
const deadAfterMs = 30_000;

/** Dependencies of a channel. */
export interface ChannelParts {
  readonly redis: RedisClient;
  readonly seal: Seal;
  readonly side: ChannelSide;
  /** Resolves at the next notification about the channel, at the latest after a second. */
  readonly nextNotification: () => Promise<void>;
  /** Called when the channel is broken or closed. */
  readonly onClosed: () => void;
}

/** An end of a channel, in the process that owns it. */
export interface OwnedChannel extends ByteChannel {
  readonly epoch: string;
  /** Resolves when the other end is there; rejects if the channel breaks before. */
  readonly connected: Promise<void>;
  readonly isConnected: boolean;
  /** Records in Redis that this end is alive, and breaks the channel if the other end is not. */
  touch(): Promise<void>;
  /** Forgets the channel without deleting it, so that the other end can read the rest. */
  release(): void;
}

/** Creates an end of a channel that exists in Redis. */
export function createChannel({ redis, seal, side, nextNotification, onClosed }: ChannelParts): OwnedChannel {
  const { id, epoch, end } = side;
  const closed = new AbortController();
  const connected = Promise.withResolvers<void>();
  connected.promise.catch(() => {});
  let touchedAt = performance.now();
  let written = 0;
  let read = 0;
  let hasEnded = false;
  let received: ChannelFrame[] = [];
  let pending: Uint8Array[] = [];
  let pendingBytes = 0;
  let flushing: Promise<void> | undefined;
  /** One promise for all writers that wait; `undefined` if none waits. */
  let hasRoom: PromiseWithResolvers<void> | undefined;
  let isTouching = false;
  let isConnected = false;

  const fail = (error: ApiError) => {
    if (closed.signal.aborted) return;
    closed.abort(error);
    connected.reject(error);
    received = [];
    pending = [];
    onClosed();
  };
  /** Calls Redis; a failure breaks the channel. */
  const call = async <Value>(command: () => Promise<Value>): Promise<Value> => {
    closed.signal.throwIfAborted();
    try {
      // A worker's commands wait for Redis without a limit.
      return await rejectOnAbort(withRedisErrors(command()), closed.signal, () => toApiError(closed.signal.reason));
    } catch (error) {
      fail(toApiError(error));
      throw closed.signal.reason;
    }
  };
  /** @throws ApiError if a script has found that the channel is broken */
  const requireOpen = <Answer>(answer: Answer | Absence): Answer => {
    if (!isAbsence(answer)) return answer;
    fail(absenceError(answer));
    throw closed.signal.reason;
  };

  const announceRoom = () => {
    hasRoom?.resolve();
    hasRoom = undefined;
  };
  const append = async (packed: PackedFrame, isLast = false): Promise<void> => {
    const number = written + 1;
    const sealed = sealEntry(seal, packed, { id, epoch, sender: end, number });
    for (;;) {
      const news = nextNotification();
      const state = requireOpen(await call(() => writeEntry(redis, side, { number, sealed, isLast })));
      if (state === 'written') break;
      await news;
    }
    written = number;
  };
  /** Appends everything that is pending, in entries that are as large as possible. */
  const flush = async (): Promise<void> => {
    try {
      while (pendingBytes > 0) {
        const { taken, takenBytes, rest } = takeBytes(pending, maxEntryBytes);
        pending = rest;
        pendingBytes -= takenBytes;
        if (pendingBytes < maxEntryBytes) announceRoom();
        await append(packBytes(taken));
      }
    } finally {
      flushing = undefined;
    }
  };
  const drain = async () => {
    while (flushing) await flushing;
    closed.signal.throwIfAborted();
  };

  return {
    epoch,
    signal: closed.signal,
    connected: connected.promise,
    get isConnected() {
      return isConnected;
    },
    async read() {
      for (;;) {
        const frame = received.shift();
        if (frame || hasEnded) return frame;
        const news = nextNotification();
        const entries = requireOpen(await call(() => readEntries(redis, side, read)));
        for (const { number, sealed } of entries) {
          const next = openFrame(sealed, number);
          read = number;
          if (next) received.push(next);
          else hasEnded = true;
        }
        if (entries.length === 0) await news;
      }
    },
    async write(bytes) {
      closed.signal.throwIfAborted();
      if (bytes.length === 0) return;
      pending.push(bytes);
      pendingBytes += bytes.length;
      if (!flushing) {
        flushing = flush();
        // An error breaks the channel, which the next call reports.
        flushing.catch(announceRoom);
      }
      if (pendingBytes < maxEntryBytes) return;
      hasRoom ??= Promise.withResolvers();
      await hasRoom.promise;
      closed.signal.throwIfAborted();
    },
    async send(message) {
      await drain();
      await append(packMessage(message));
    },
    async end() {
      await drain();
      await append(packEnd(), true);
    },
    async close() {
      fail(closedError());
      await withRedisErrors(deleteChannel(redis, side));
    },
    async touch() {
      // A command may wait for Redis without a limit.
      if (performance.now() - touchedAt > deadAfterMs) return fail(redisUnavailable());
      if (isTouching || closed.signal.aborted) return;
      isTouching = true;
      const seconds = await touchChannel(redis, side).finally(() => {
        isTouching = false;
      });
      touchedAt = performance.now();
      if (isAbsence(seconds)) return fail(absenceError(seconds));
      if (seconds === 'alone') return;
      isConnected = true;
      connected.resolve();
      if (seconds * 1000 > deadAfterMs) fail(goneError());
    },
    release: () => fail(closedError()),
  };

  function openFrame(sealed: Buffer, number: number): ChannelFrame | undefined {
    try {
      if (number !== read + 1) throw new Error('an entry is missing');
      return unpackFrame(openEntry(seal, sealed, { id, epoch, sender: otherEnd(end), number }));
    } catch {
      fail(damagedError());
      throw closed.signal.reason;
    }
  }
}

/** Splits off the first bytes of some pieces. */
function takeBytes(pieces: readonly Uint8Array[], maxBytes: number) {
  const taken: Uint8Array[] = [];
  let takenBytes = 0;
  for (const [index, piece] of pieces.entries()) {
    const part = piece.subarray(0, maxBytes - takenBytes);
    taken.push(part);
    takenBytes += part.length;
    if (part.length < piece.length) return { taken, takenBytes, rest: [piece.subarray(part.length), ...pieces.slice(index + 1)] };
    if (takenBytes === maxBytes) return { taken, takenBytes, rest: pieces.slice(index + 1) };
  }
  return { taken, takenBytes, rest: [] };
}

function absenceError(absence: Absence): ApiError {
  return absence === 'gone' ? goneError() : new ApiError('ConflictError', 'Another connection has taken over: this one is closed.');
}

/** Creates the error for a channel that does not exist any more. */
export function goneError(): ApiError {
  return new ApiError(
    'ServiceUnavailableError',
    'The transfer was interrupted: its other end was closed or has died, or Redis was restarted. Send the request again.',
  );
}

function closedError(): ApiError {
  return new ApiError('ServiceUnavailableError', 'The transfer was interrupted: send the request again.');
}

function damagedError(): ApiError {
  const message = 'Bytes of the transfer are missing or were changed in Redis: SECRET_KEY must be the same for the API and the worker.';
  return new ApiError('PodmanAPIError', message);
}
