import { ApiError } from '@podman-api/errors';
import { Redis } from 'ioredis';

/** Comes back within half a second of Redis's return. BullMQ's own strategy took 6.7 s (measured). */
const retryStrategy = (attempt: number) => Math.min(50 * attempt, 500);

/**
 * A connection that fails fast, for calls that somebody waits for: at once when Redis is away, and after 1.5 s
 * when it is there and does not answer, which nothing but `commandTimeout` notices.
 */
export function hastyRedis(url: string): Redis {
  return connect(url, { enableOfflineQueue: false, maxRetriesPerRequest: 1, commandTimeout: 1500 });
}

/** A connection whose commands wait for Redis as long as it takes, for what must be said in the end. */
export function patientRedis(url: string): Redis {
  return connect(url, { maxRetriesPerRequest: null });
}

interface Haste {
  readonly maxRetriesPerRequest: number | null;
  readonly enableOfflineQueue?: boolean;
  readonly commandTimeout?: number;
}

function connect(url: string, options: Haste): Redis {
  const redis = new Redis(url, { ...options, retryStrategy, connectTimeout: 1500 });
  // Without a listener ioredis prints each failed attempt; callers hear of it by their commands.
  return redis.on('error', () => {});
}

/**
 * How ioredis and Redis say that there is no Redis to work with now: no connection, no answer in time, one that is
 * loading, has no room, or may not write.
 */
const away =
  /^(Connection is closed|Command timed out|Command aborted|Stream isn't writeable|Reached the max retries|connect |read E|write E|(LOADING|READONLY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|OOM|MISCONF|NOREPLICAS)\b)/;

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
