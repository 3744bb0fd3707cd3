import type { RedisAddress } from '@podman-api/runtime';
import { Cluster, Redis } from 'ioredis';
import { limitAnswerTime } from './answer-timeout.ts';
import { ReconnectingSentinelConnector } from './sentinel-connector.ts';

/** A connection to Redis, or to all servers of a Redis Cluster. */
export type RedisClient = Redis | Cluster;

/** Returns the delay in ms. Reconnects within 0.5 s after Redis is available again; BullMQ's own strategy took 6.7 s (measured). */
const retryStrategy = (attempt: number) => Math.min(50 * attempt, 500);

/**
 * Time limit for the answer to a command on a connection that fails fast. With several servers, ioredis measures it and counts time in which
 * this process had no CPU: at 1.5 s, a process on a busy host treated Redis as unavailable. With a single server, `AnswerTimeout` measures
 * it, and a busy process does not reach it while Redis answers.
 */
const commandTimeoutMs = 5000;

/**
 * Creates a connection that fails fast, for calls that a caller waits for. Commands fail at once while Redis is unavailable,
 * and after `commandTimeoutMs` if Redis does not answer.
 */
export function createFailFastClient(address: RedisAddress): RedisClient {
  return connect(address, { enableOfflineQueue: false, maxRetriesPerRequest: 1, commandTimeout: commandTimeoutMs });
}

/** Creates a connection whose commands wait for Redis without a time limit, for writes that must not be lost. */
export function createBlockingClient(address: RedisAddress): RedisClient {
  return connect(address, { enableOfflineQueue: true, maxRetriesPerRequest: null });
}

/** Options that differ between fail-fast and blocking connections. */
interface AvailabilityOptions {
  readonly maxRetriesPerRequest: number | null;
  readonly enableOfflineQueue: boolean;
  readonly commandTimeout?: number;
}

/**
 * Time without data after which a connection that waits for a reply is closed and opened again: its host may be gone, or frozen after a
 * failover. The limit for blocking connections exceeds BullMQ's blocking time of 3 s (`drainDelay`). ioredis measures these limits and
 * counts time in which this process had no CPU: under a flood of requests on a busy host, an API process took more than 10 s to read a
 * reply. A fail-fast connection to a single server therefore has no such limit, only that of `AnswerTimeout`.
 */
const silenceTimeoutMs = { single: 15_000, several: { failFast: 3000, blocking: 7000 } } as const;

/**
 * Handles a master that became a replica and kept its connections. Returns 2, which makes ioredis reconnect, now to the new master, and
 * send the command again.
 */
const reconnectOnError = ({ message }: Error) => (message.includes('READONLY') ? 2 : false);

/** Time limit for the server to close a connection after this side has ended it. All commands fail meanwhile. */
const disconnectTimeoutMs = 500;

/** Idle time before TCP probes the other end. */
const keepAliveMs = 10_000;

function connect(address: RedisAddress, availabilityOptions: AvailabilityOptions): RedisClient {
  const redis = createClient(address, availabilityOptions);
  // Without a listener, ioredis prints each failed attempt. The errors of commands are enough.
  return redis.on('error', () => {});
}

function createClient(address: RedisAddress, { enableOfflineQueue, ...availabilityOptions }: AvailabilityOptions): RedisClient {
  const common = { ...availabilityOptions, connectTimeout: 1500, keepAlive: keepAliveMs };
  if (address.kind === 'single') {
    const { commandTimeout: answerTimeoutMs, ...singleOptions } = common;
    const options = { ...singleOptions, enableOfflineQueue, retryStrategy, reconnectOnError };
    return answerTimeoutMs === undefined
      ? new Redis(address.url, { ...options, socketTimeout: silenceTimeoutMs.single })
      : limitAnswerTime(new Redis(address.url, { ...options, disconnectTimeout: disconnectTimeoutMs }), answerTimeoutMs);
  }
  const { username, password, tls } = address;
  const { failFast, blocking } = silenceTimeoutMs.several;
  const socketTimeout = enableOfflineQueue ? blocking : failFast;
  const shared = { ...common, socketTimeout, ...(username && { username }), ...(password && { password }), ...(tls && { tls: {} }) };
  if (address.kind === 'cluster') {
    return new Cluster([...address.nodes], {
      enableOfflineQueue,
      redisOptions: shared,
      clusterRetryStrategy: retryStrategy,
      // With the check, connect() does not settle while some slots have no master, and BullMQ's workers wait for it.
      enableReadyCheck: false,
      // A blocking command follows any number of redirections until a server owns the slot.
      ...(enableOfflineQueue && { maxRedirections: Number.POSITIVE_INFINITY }),
    });
  }
  return new Redis({
    ...shared,
    enableOfflineQueue,
    retryStrategy,
    sentinels: [...address.sentinels],
    name: address.master,
    db: address.db,
    sentinelRetryStrategy: retryStrategy,
    sentinelCommandTimeout: 1500,
    Connector: ReconnectingSentinelConnector,
    // Reconnects on the sentinels' message about a new master, because a frozen master does not close its connections.
    failoverDetector: true,
    enableTLSForSentinelMode: tls,
    reconnectOnError,
    ...(tls && { sentinelTLS: {} }),
    ...(address.sentinelPassword && { sentinelPassword: address.sentinelPassword }),
  });
}

/**
 * Registers a callback for events after which Redis may have lost acknowledged writes: a reconnection, a failover or a
 * restart.
 */
export function onReconnect(redis: RedisClient, listener: () => void): void {
  for (const event of redis.isCluster ? ['ready', '+node', '-node'] : ['ready']) redis.on(event, listener);
}
