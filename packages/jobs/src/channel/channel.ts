import { ApiError, toApiError } from '@podman-api/errors';
import { type RedisClient, redisUnavailable, withRedisErrors } from '@podman-api/redis';
import { type ByteChannel, type ChannelFrame, rejectOnAbort } from '@podman-api/runtime';
import type { Seal } from '../seal.ts';
import { openEntry, type PackedFrame, packEnd, packMessage, sealEntry, unpackFrame } from './frames.ts';
import { type Absence, type ChannelSide, deleteChannel, isAbsence, otherEnd, readEntries, touchChannel, writeEntry } from './scripts.ts';
import { WriteBuffer } from './write-buffer.ts';

/**
 * Time without a sign of life after which the other end, or Redis, counts as dead. It is longer than the delays of a process on a busy
 * host.
 */
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
export function createChannel(parts: ChannelParts): OwnedChannel {
  return new RedisChannel(parts);
}

class RedisChannel implements OwnedChannel {
  readonly #parts: ChannelParts;
  readonly #closed = new AbortController();
  readonly #connected = Promise.withResolvers<void>();
  readonly #writes = new WriteBuffer(packed => this.#append(packed));
  #isConnected = false;
  #isTouching = false;
  #touchedAtMs = performance.now();
  /** Number of the last entry that was sent. */
  #lastSent = 0;
  /** Number of the last entry that was received. */
  #lastReceived = 0;
  #hasReceivedEnd = false;
  #received: ChannelFrame[] = [];

  constructor(parts: ChannelParts) {
    this.#parts = parts;
    this.#connected.promise.catch(() => {});
  }

  get epoch(): string {
    return this.#parts.side.epoch;
  }

  get signal(): AbortSignal {
    return this.#closed.signal;
  }

  get connected(): Promise<void> {
    return this.#connected.promise;
  }

  get isConnected(): boolean {
    return this.#isConnected;
  }

  async read(): Promise<ChannelFrame | undefined> {
    const { redis, side, nextNotification } = this.#parts;
    for (;;) {
      const frame = this.#received.shift();
      if (frame || this.#hasReceivedEnd) return frame;
      const notified = nextNotification();
      const entries = this.#requireOpen(await this.#call(() => readEntries(redis, side, this.#lastReceived)));
      for (const { number, sealed } of entries) this.#receive(number, sealed);
      if (entries.length === 0) await notified;
    }
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.signal.throwIfAborted();
    if (bytes.length === 0) return;
    await this.#writes.write(bytes);
    this.signal.throwIfAborted();
  }

  async send(message: object): Promise<void> {
    await this.#drain();
    await this.#append(packMessage(message));
  }

  async end(): Promise<void> {
    await this.#drain();
    await this.#append(packEnd(), true);
  }

  async close(): Promise<void> {
    this.#fail(closedError());
    await withRedisErrors(deleteChannel(this.#parts.redis, this.#parts.side));
  }

  async touch(): Promise<void> {
    // A command may wait for Redis without a limit.
    if (performance.now() - this.#touchedAtMs > deadAfterMs) return this.#fail(redisUnavailable());
    if (this.#isTouching || this.signal.aborted) return;
    this.#isTouching = true;
    const seconds = await touchChannel(this.#parts.redis, this.#parts.side).finally(() => {
      this.#isTouching = false;
    });
    this.#touchedAtMs = performance.now();
    if (isAbsence(seconds)) return this.#fail(absenceError(seconds));
    if (seconds === 'alone') return;
    this.#isConnected = true;
    this.#connected.resolve();
    if (seconds * 1000 > deadAfterMs) this.#fail(goneError());
  }

  release(): void {
    this.#fail(closedError());
  }

  #fail(error: ApiError): void {
    if (this.signal.aborted) return;
    this.#closed.abort(error);
    this.#connected.reject(error);
    this.#received = [];
    this.#writes.clear();
    this.#parts.onClosed();
  }

  /** Calls Redis; a failure breaks the channel. */
  async #call<Value>(command: () => Promise<Value>): Promise<Value> {
    this.signal.throwIfAborted();
    try {
      // A worker's commands wait for Redis without a limit.
      return await rejectOnAbort(withRedisErrors(command()), this.signal, () => toApiError(this.signal.reason));
    } catch (error) {
      this.#fail(toApiError(error));
      throw this.signal.reason;
    }
  }

  /** @throws ApiError if a script has found that the channel is broken */
  #requireOpen<Answer>(answer: Answer | Absence): Answer {
    if (!isAbsence(answer)) return answer;
    this.#fail(absenceError(answer));
    throw this.signal.reason;
  }

  async #append(packed: PackedFrame, isLast = false): Promise<void> {
    const { redis, seal, side, nextNotification } = this.#parts;
    const number = this.#lastSent + 1;
    const sealed = sealEntry(seal, packed, { id: side.id, epoch: side.epoch, sender: side.end, number });
    for (;;) {
      const notified = nextNotification();
      const state = this.#requireOpen(await this.#call(() => writeEntry(redis, side, { number, sealed, isLast })));
      if (state === 'written') break;
      await notified;
    }
    this.#lastSent = number;
  }

  async #drain(): Promise<void> {
    await this.#writes.drain();
    this.signal.throwIfAborted();
  }

  #receive(number: number, sealed: Buffer): void {
    const frame = this.#openFrame(number, sealed);
    this.#lastReceived = number;
    if (frame) this.#received.push(frame);
    else this.#hasReceivedEnd = true;
  }

  #openFrame(number: number, sealed: Buffer): ChannelFrame | undefined {
    const { id, epoch, end } = this.#parts.side;
    try {
      if (number !== this.#lastReceived + 1) throw new Error('an entry is missing');
      return unpackFrame(openEntry(this.#parts.seal, sealed, { id, epoch, sender: otherEnd(end), number }));
    } catch {
      this.#fail(damagedError());
      throw this.signal.reason;
    }
  }
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
  return new ApiError('InternalError', message);
}
