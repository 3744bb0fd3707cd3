import { ApiError } from '@podman-api/errors';
import type { RedisAddress } from '@podman-api/runtime';
import { Cluster, Redis } from 'ioredis';
import { ReconnectingSentinelConnector } from './sentinel-connector.ts';

/** A connection to Redis, or to all servers of a Redis Cluster. */
export type RedisClient = Redis | Cluster;

/** Comes back within half a second of Redis's return. BullMQ's own strategy took 6.7 s (measured). */
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
export function hastyRedis(address: RedisAddress): RedisClient {
  return connect(address, { enableOfflineQueue: false, maxRetriesPerRequest: 1, commandTimeout: commandTimeoutMs });
}

/** A connection whose commands wait for Redis as long as it takes, for what must be said in the end. */
export function patientRedis(address: RedisAddress): RedisClient {
  return connect(address, { enableOfflineQueue: true, maxRetriesPerRequest: null });
}

interface Haste {
  readonly maxRetriesPerRequest: number | null;
  readonly enableOfflineQueue: boolean;
  readonly commandTimeout?: number;
}

/**
 * A connection on which nothing has come for so long though something was asked is given up, in ms: its host may have
 * vanished without a word, or stand still, and another server be there instead. BullMQ blocks for 3 s (`drainDelay`). Where there is
 * one server it is waited for longer, for to leave it helps only if its address leads to another one by then; and
 * nothing is asked in haste of a Redis that has been silent for some seconds, so that no job is lost on its way.
 */
const silence = { single: { hasty: 10_000, patient: 15_000 }, several: { hasty: 3000, patient: 7000 } } as const;

/**
 * A master that has become a replica may keep its connections: leave it for the new one, to which the sentinels or the
 * name of a managed service lead, and ask that the same (2, ioredis's word for it).
 */
const reconnectOnError = ({ message }: Error) => (message.includes('READONLY') ? 2 : false);

/** How long an idle connection is before its other end is asked whether it is there, in ms. */
const keepAlive = 10_000;

function connect(address: RedisAddress, haste: Haste): RedisClient {
  const redis = clientOf(address, haste);
  // Without a listener ioredis prints each failed attempt; callers hear of it by their commands.
  return redis.on('error', () => {});
}

function clientOf(address: RedisAddress, { enableOfflineQueue, ...haste }: Haste): RedisClient {
  const { hasty, patient } = address.kind === 'single' ? silence.single : silence.several;
  const common = { ...haste, connectTimeout: 1500, keepAlive, socketTimeout: enableOfflineQueue ? patient : hasty };
  if (address.kind === 'single') return new Redis(address.url, { ...common, enableOfflineQueue, retryStrategy, reconnectOnError });
  const { username, password, tls } = address;
  const shared = { ...common, ...(username && { username }), ...(password && { password }), ...(tls && { tls: {} }) };
  if (address.kind === 'cluster') {
    return new Cluster([...address.nodes], {
      enableOfflineQueue,
      redisOptions: shared,
      clusterRetryStrategy: retryStrategy,
      // Its connect() never settles while a Cluster has no master for some slots, and BullMQ's workers wait for it for ever.
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
    // The sentinels' word is heard even where the old master stands still and its connections with it.
    failoverDetector: true,
    enableTLSForSentinelMode: tls,
    reconnectOnError,
    ...(tls && { sentinelTLS: {} }),
    ...(address.sentinelPassword && { sentinelPassword: address.sentinelPassword }),
  });
}

/**
 * How ioredis and Redis say that there is no Redis to work with now: no connection, no answer in time, one that is
 * loading, has no room, or may not write.
 */
const away =
  /^(Connection is closed|Command timed out|Command aborted|Stream isn't writeable|Reached the max retries|Cluster isn't ready|Failed to refresh slots|All sentinels are unreachable|None of startup nodes|Too many Cluster redirections|connect |read E|write E|(LOADING|READONLY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|OOM|MISCONF|NOREPLICAS)\b)/;

/** Makes a failed call to Redis the 503 it is; any other fault stays what it is. */
export async function asking<Value>(call: Promise<Value>): Promise<Value> {
  try {
    return await call;
  } catch (error) {
    throw error instanceof Error && (away.test(error.message) || ('code' in error && /^E[A-Z]/.test(String(error.code))))
      ? redisAway(error)
      : error;
  }
}

/** The 503 for a Redis that does not answer. */
export function redisAway(cause?: unknown): ApiError {
  return new ApiError('ServiceUnavailableError', 'Redis is away; send the request again when it is back.', {}, { cause });
}
