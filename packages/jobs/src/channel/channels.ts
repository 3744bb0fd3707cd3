import { randomUUID } from 'node:crypto';
import { ApiError } from '@podman-api/errors';
import type { RedisClient } from '@podman-api/redis';
import { type ByteChannel, growHeapDuringTransfer, type PeriodicTask, runPeriodically } from '@podman-api/runtime';
import { keys } from '../keys.ts';
import { createNotifier, type Notifier } from '../notifier.ts';
import type { Seal } from '../seal.ts';
import { createChannel, goneError, type OwnedChannel } from './channel.ts';
import { type ChannelEnd, type ChannelSide, openChannel, readEpoch } from './scripts.ts';

/** Interval at which an end records that it is alive, and checks the other end. */
const touchIntervalMs = 2000;

/** Dependencies of the channels of a process. */
export interface ChannelsParts {
  readonly redis: RedisClient;
  /** A connection that only subscribes, which Redis requires. */
  readonly subscriber: RedisClient;
  readonly seal: Seal;
  readonly end: ChannelEnd;
  /** A unique id of this process. */
  readonly process: string;
}

/** A channel whose other end may not be there yet. */
export interface OpenedChannel extends ByteChannel {
  /** Resolves when the other end is there; rejects if the channel breaks before. */
  readonly connected: Promise<void>;
}

/** The channels of one process, on a constant number of connections to Redis. */
export interface Channels {
  /**
   * Creates the channel of a job, as an API process, and closes an earlier channel of the job. The caller that opens a
   * channel closes it.
   * @param isKept whether an earlier channel is kept if its API process is alive
   * @throws ApiError (409) if an earlier channel was kept
   */
  open(id: string, isKept?: boolean): Promise<OpenedChannel>;
  /**
   * Joins the channel of a job, as its worker. Returns the same end as long as that is not broken.
   * @throws ApiError (503) if there is no channel
   */
  join(id: string): Promise<ByteChannel>;
  /** Forgets the channel of a job that has ended; its other end can still read what was sent. */
  release(id: string): void;
  stop(): void;
}

/** Creates the channels of a process. */
export function createChannels(parts: ChannelsParts): Channels {
  return new ProcessChannels(parts);
}

class ProcessChannels implements Channels {
  readonly #parts: ChannelsParts;
  readonly #notificationChannel: string;
  readonly #channels = new Map<string, OwnedChannel>();
  readonly #notifier: Notifier;
  readonly #touching: PeriodicTask;

  constructor(parts: ChannelsParts) {
    this.#parts = parts;
    this.#notificationChannel = keys.channelNotifications(parts.process);
    this.#notifier = createNotifier({
      subscriber: parts.subscriber,
      pubSubChannel: this.#notificationChannel,
      onMessage: id => this.#onNotification(id),
    });
    this.#touching = runPeriodically(touchIntervalMs, async () => {
      for (const channel of this.#channels.values()) touch(channel);
    });
  }

  async open(id: string, isKept?: boolean): Promise<OpenedChannel> {
    // The process that opens this job's channel next treats a process without a subscription as dead.
    await this.#notifier.subscribe();
    const epoch = randomUUID();
    if (!(await openChannel(this.#parts.redis, this.#sideOf(id, epoch), isKept))) throw inUseError();
    return this.#replace(id, epoch);
  }

  async join(id: string): Promise<ByteChannel> {
    const epoch = await readEpoch(this.#parts.redis, id);
    if (epoch === undefined) throw goneError();
    const current = this.#channels.get(id);
    const channel = current?.epoch === epoch ? current : this.#replace(id, epoch);
    await channel.touch();
    channel.signal.throwIfAborted();
    return channel;
  }

  release(id: string): void {
    this.#channels.get(id)?.release();
  }

  stop(): void {
    this.#touching.stop();
    this.#notifier.stop();
    for (const channel of [...this.#channels.values()]) channel.release();
  }

  #sideOf(id: string, epoch: string): ChannelSide {
    return { id, epoch, end: this.#parts.end, notificationChannel: this.#notificationChannel };
  }

  /** Creates this process's end of a channel, and touches the end that it replaces, which breaks it. */
  #replace(id: string, epoch: string): OwnedChannel {
    const previous = this.#channels.get(id);
    const channel = this.#create(id, epoch);
    if (previous) touch(previous);
    return channel;
  }

  #create(id: string, epoch: string): OwnedChannel {
    const { redis, seal } = this.#parts;
    const endTransfer = growHeapDuringTransfer();
    const onClosed = () => {
      endTransfer();
      if (this.#channels.get(id) === channel) this.#channels.delete(id);
      this.#notifier.notify(id);
    };
    const nextNotification = () => this.#notifier.next(id);
    const channel = createChannel({ redis, seal, side: this.#sideOf(id, epoch), nextNotification, onClosed });
    this.#channels.set(id, channel);
    return channel;
  }

  #onNotification(id: string): void {
    const channel = this.#channels.get(id);
    // The other end may have joined.
    if (channel && !channel.isConnected) touch(channel);
    this.#notifier.notify(id);
  }
}

function touch(channel: OwnedChannel): void {
  channel.touch().catch(() => {});
}

function inUseError(): ApiError {
  return new ApiError('ConflictError', 'Another connection is open: close it first, or connect with takeover=true.');
}
