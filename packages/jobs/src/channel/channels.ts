import { randomUUID } from 'node:crypto';
import { ApiError } from '@podman-api/errors';
import type { RedisClient } from '@podman-api/redis';
import { type ByteChannel, runPeriodically } from '@podman-api/runtime';
import { keys } from '../keys.ts';
import type { Seal } from '../seal.ts';
import { createChannel, goneError, type OwnedChannel } from './channel.ts';
import { type ChannelEnd, openChannel, readEpoch } from './scripts.ts';

/** Interval at which an end records that it is alive, and checks the other end. */
const touchIntervalMs = 2000;
/** Longest wait for a notification, because pub/sub may lose some. */
const pollIntervalMs = 1000;

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
export function createChannels({ redis, subscriber, seal, end, process }: ChannelsParts): Channels {
  const notificationChannel = keys.channelNotifications(process);
  const channels = new Map<string, OwnedChannel>();
  const listeners = new Map<string, PromiseWithResolvers<void>>();

  const notify = (id: string) => {
    listeners.get(id)?.resolve();
    listeners.delete(id);
  };
  const nextNotification = (id: string) => {
    const listener = listeners.get(id) ?? Promise.withResolvers<void>();
    listeners.set(id, listener);
    return listener.promise;
  };
  const create = (id: string, epoch: string): OwnedChannel => {
    const onClosed = () => {
      if (channels.get(id) === channel) channels.delete(id);
      notify(id);
    };
    const channel = createChannel({
      redis,
      seal,
      side: { id, epoch, end, notificationChannel },
      nextNotification: () => nextNotification(id),
      onClosed,
    });
    channels.set(id, channel);
    return channel;
  };
  const touch = (channel: OwnedChannel) => void channel.touch().catch(() => {});
  /** Creates an end, and makes the previous one notice that it was replaced. */
  const replace = (id: string, epoch: string): OwnedChannel => {
    const before = channels.get(id);
    const channel = create(id, epoch);
    if (before) touch(before);
    return channel;
  };

  let isSubscribed = false;
  const subscribe = async () => {
    if (isSubscribed) return;
    isSubscribed = true;
    await subscriber.subscribe(notificationChannel).catch(() => {
      isSubscribed = false;
    });
  };
  subscriber.on('message', (from, id) => {
    if (from !== notificationChannel) return;
    const channel = channels.get(id);
    // The other end may have joined.
    if (channel && !channel.isConnected) touch(channel);
    notify(id);
  });
  const tasks = [
    runPeriodically(touchIntervalMs, async () => {
      for (const channel of channels.values()) touch(channel);
    }),
    runPeriodically(pollIntervalMs, async () => {
      void subscribe();
      for (const id of [...listeners.keys()]) notify(id);
    }),
  ];

  return {
    async open(id, isKept) {
      // The process that opens this job's channel next treats a process without a subscription as dead.
      await subscribe();
      const epoch = randomUUID();
      if (!(await openChannel(redis, { id, epoch, end, notificationChannel }, isKept))) throw inUseError();
      return replace(id, epoch);
    },
    async join(id) {
      const epoch = await readEpoch(redis, id);
      if (epoch === undefined) throw goneError();
      const current = channels.get(id);
      const channel = current?.epoch === epoch ? current : replace(id, epoch);
      await channel.touch();
      channel.signal.throwIfAborted();
      return channel;
    },
    release: id => channels.get(id)?.release(),
    stop() {
      for (const task of tasks) task.stop();
      for (const channel of [...channels.values()]) channel.release();
    },
  };
}

function inUseError(): ApiError {
  return new ApiError('ConflictError', 'Another connection is open: close it first, or take it over.');
}
