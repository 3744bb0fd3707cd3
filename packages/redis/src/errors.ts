import { ApiError } from '@podman-api/errors';

/**
 * How ioredis and Redis say that Redis cannot be used now: no connection, no answer in time, a server that is loading, is
 * out of memory, or may not write.
 */
const unavailable =
  /^(Connection is closed|Command timed out|Command aborted|Stream isn't writeable|Reached the max retries|Cluster isn't ready|Failed to refresh slots|All sentinels are unreachable|None of startup nodes|Too many Cluster redirections|connect |read E|write E|(LOADING|READONLY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|OOM|MISCONF|NOREPLICAS)\b)/;

/** Turns the error of a call to an unavailable Redis into a 503; other errors stay as they are. */
export async function withRedisErrors<Value>(call: Promise<Value>): Promise<Value> {
  try {
    return await call;
  } catch (error) {
    throw error instanceof Error && (unavailable.test(error.message) || ('code' in error && /^E[A-Z]/.test(String(error.code))))
      ? redisUnavailable(error)
      : error;
  }
}

/** Creates the 503 for a Redis that does not answer. */
export function redisUnavailable(cause?: unknown): ApiError {
  return new ApiError('ServiceUnavailableError', 'Redis is away; send the request again when it is back.', {}, { cause });
}
