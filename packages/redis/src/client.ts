import type { RedisAddress } from '@podman-api/runtime';
import { Cluster, Redis } from 'ioredis';
import { ReconnectingSentinelConnector } from './sentinel-connector.ts';

/** A connection to Redis, or to all servers of a Redis Cluster. */
export type RedisClient = Redis | Cluster;

/** Reconnects within half a second of Redis's return; BullMQ's own strategy took 6.7 s (measured). */
const retryStrategy = (attempt: number) => Math.min(50 * attempt, 500);

/**
 * Limit for the answer to a command on a connection that fails fast. ioredis counts all time, also time in which this
 * process had no CPU: at 1.5 s, a process on a busy host took Redis for unavailable.
 */
const commandTimeoutMs = 5000;

/**
 * Creates a connection that fails fast, for calls that a caller waits for: at once while Redis is unavailable, and after
 * `commandTimeoutMs` when it accepts a command and does not answer.
 */
export function createFailFastClient(address: RedisAddress): RedisClient {
  return connect(address, { enableOfflineQueue: false, maxRetriesPerRequest: 1, commandTimeout: commandTimeoutMs });
}

/** Creates a connection whose commands wait until Redis answers, however long that takes: for what must not be lost. */
export function createBlockingClient(address: RedisAddress): RedisClient {
  return connect(address, { enableOfflineQueue: true, maxRetriesPerRequest: null });
}

/** Options in which a fail-fast connection and a blocking one differ. */
interface RetryOptions {
  readonly maxRetriesPerRequest: number | null;
  readonly enableOfflineQueue: boolean;
  readonly commandTimeout?: number;
}

/**
 * Limit for silence on a connection that waits for a reply; then it is closed and opened again. The host may have
 * vanished without closing it, or be frozen, while another server has taken over. Each is longer than the 3 s for which
 * BullMQ blocks (`drainDelay`). With a single server the limit is longer: a new connection helps only if the address leads to
 * another server by then.
 */
const silenceTimeoutMs = { single: { failFast: 10_000, blocking: 15_000 }, several: { failFast: 3000, blocking: 7000 } } as const;

/**
 * A master that has become a replica may keep its connections: reconnect, which leads to the new master, and send the
 * command again there (2 is ioredis's code for that).
 */
const reconnectOnError = ({ message }: Error) => (message.includes('READONLY') ? 2 : false);

/** Idle time before TCP probes the other end. */
const keepAliveMs = 10_000;

function connect(address: RedisAddress, retryOptions: RetryOptions): RedisClient {
  const redis = createClient(address, retryOptions);
  // Without a listener ioredis prints each failed attempt; callers learn of failures from their commands.
  return redis.on('error', () => {});
}

function createClient(address: RedisAddress, { enableOfflineQueue, ...retryOptions }: RetryOptions): RedisClient {
  const { failFast, blocking } = address.kind === 'single' ? silenceTimeoutMs.single : silenceTimeoutMs.several;
  const common = { ...retryOptions, connectTimeout: 1500, keepAlive: keepAliveMs, socketTimeout: enableOfflineQueue ? blocking : failFast };
  if (address.kind === 'single') return new Redis(address.url, { ...common, enableOfflineQueue, retryStrategy, reconnectOnError });
  const { username, password, tls } = address;
  const shared = { ...common, ...(username && { username }), ...(password && { password }), ...(tls && { tls: {} }) };
  if (address.kind === 'cluster') {
    return new Cluster([...address.nodes], {
      enableOfflineQueue,
      redisOptions: shared,
      clusterRetryStrategy: retryStrategy,
      // With it, connect() never settles while a Cluster has no master for some slots, and BullMQ's workers wait for that.
      enableReadyCheck: false,
      // A command that waits for Redis waits until another server has the slot, however often it must ask.
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
    // Follows the sentinels' message about a new master even if the old one is frozen, and its connections with it.
    failoverDetector: true,
    enableTLSForSentinelMode: tls,
    reconnectOnError,
    ...(tls && { sentinelTLS: {} }),
    ...(address.sentinelPassword && { sentinelPassword: address.sentinelPassword }),
  });
}

/**
 * Registers a callback for each moment at which another server may answer, or the same one after a restart: it may have
 * lost what was acknowledged last.
 */
export function onReconnect(redis: RedisClient, listener: () => void): void {
  for (const event of redis.isCluster ? ['ready', '+node', '-node'] : ['ready']) redis.on(event, listener);
}
