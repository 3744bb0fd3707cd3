import type { RedisClient } from '@podman-api/redis';
import { runPeriodically } from '@podman-api/runtime';

/** Longest wait for a notification, because pub/sub may lose messages. */
const pollIntervalMs = 1000;

/** Parameters of `createNotifier`. */
export interface NotifierParts {
  /** A connection that only subscribes, which Redis requires. */
  readonly subscriber: RedisClient;
  readonly pubSubChannel: string;
  /** Called with each message; it calls `notify` for the ids that the message is about. */
  readonly onMessage: (message: string) => void;
  /** Called once a second, before all waits end. */
  readonly onPoll?: () => void;
}

/** Waits for messages on a pub/sub channel, by the id of a job. */
export interface Notifier {
  /** Subscribes, unless that was done or is in progress. Never rejects: after a failure, the next poll tries again. */
  subscribe(): Promise<void>;
  /** Resolves at the next notification about an id, at the latest after a second. */
  next(id: string): Promise<void>;
  /** Ends the waits for an id. */
  notify(id: string): void;
  stop(): void;
}

/** Creates a notifier, which subscribes and polls until `stop` is called. */
export function createNotifier({ subscriber, pubSubChannel, onMessage, onPoll }: NotifierParts): Notifier {
  const waits = new Map<string, PromiseWithResolvers<void>>();
  let isSubscribed = false;
  const subscribe = async () => {
    if (isSubscribed) return;
    isSubscribed = true;
    // Fails while a Redis Cluster has no available server.
    await subscriber.subscribe(pubSubChannel).catch(() => {
      isSubscribed = false;
    });
  };
  const notify = (id: string) => {
    waits.get(id)?.resolve();
    waits.delete(id);
  };
  subscriber.on('message', (from, message) => {
    if (from === pubSubChannel) onMessage(message);
  });
  const polling = runPeriodically(pollIntervalMs, async () => {
    void subscribe();
    onPoll?.();
    for (const id of [...waits.keys()]) notify(id);
  });
  return {
    subscribe,
    next(id) {
      const wait = waits.get(id) ?? Promise.withResolvers<void>();
      waits.set(id, wait);
      return wait.promise;
    },
    notify,
    stop: polling.stop,
  };
}
