import { ApiError } from '@podman-api/errors';

/**
 * Matches messages of ioredis and Redis for an unavailable Redis: no connection, no answer in time, or a server that is
 * loading, out of memory or read-only.
 */
const unavailablePattern =
  /^(Connection is closed|Command timed out|Command aborted|Stream isn't writeable|Reached the max retries|Cluster isn't ready|Failed to refresh slots|All sentinels are unreachable|None of startup nodes|Too many Cluster redirections|connect |read E|write E|(LOADING|READONLY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|OOM|MISCONF|NOREPLICAS)\b)/;

/**
 * Waits for a call to Redis.
 * @throws ApiError (503) if Redis is unavailable; other errors unchanged
 */
export async function withRedisErrors<Value>(call: Promise<Value>): Promise<Value> {
  try {
    return await call;
  } catch (error) {
    throw error instanceof Error && (unavailablePattern.test(error.message) || ('code' in error && /^E[A-Z]/.test(String(error.code))))
      ? redisUnavailable(error)
      : error;
  }
}

/** Creates the 503 for an unavailable Redis. */
export function redisUnavailable(cause?: unknown): ApiError {
  return new ApiError('ServiceUnavailableError', 'Redis is unavailable; send the request again later.', {}, { cause });
}
