import { ApiError } from '@podman-api/errors';

/** ioredis's message for a command without an answer in time, which `AnswerTimeout` uses too. */
export const commandTimeoutMessage = 'Command timed out';

/** Beginning of ioredis's message for a command that it has not sent, because there is no connection. */
const notSentMessage = "Stream isn't writeable";

/** Beginnings of ioredis's messages for an unavailable Redis: no connection, or no answer in time. */
const unavailableMessages = [
  commandTimeoutMessage,
  notSentMessage,
  'Connection is closed',
  'Command aborted',
  'Reached the max retries',
  "Cluster isn't ready",
  'Failed to refresh slots',
  'All sentinels are unreachable',
  'None of startup nodes',
  'Too many Cluster redirections',
  'connect ',
  'read E',
  'write E',
];

/** Matches the errors of a Redis that is loading, out of memory or read-only, or of a cluster that cannot answer. */
const unavailableServerPattern = /^(LOADING|READONLY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|OOM|MISCONF|NOREPLICAS)\b/;

/** Whether an error means that Redis has not answered a command in time. */
export function isCommandTimeout(error: unknown): boolean {
  return error instanceof Error && error.message === commandTimeoutMessage;
}

/** Whether an error means that ioredis has not sent a command, because there was no connection. */
export function isNotSent(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith(notSentMessage);
}

function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { message } = error;
  return (
    unavailableMessages.some(beginning => message.startsWith(beginning)) ||
    unavailableServerPattern.test(message) ||
    ('code' in error && /^E[A-Z]/.test(String(error.code)))
  );
}

/**
 * Waits for a call to Redis.
 * @throws ApiError (503) if Redis is unavailable; other errors unchanged
 */
export async function withRedisErrors<Value>(call: Promise<Value>): Promise<Value> {
  try {
    return await call;
  } catch (error) {
    throw isUnavailable(error) ? redisUnavailable(error) : error;
  }
}

/** Creates the 503 for an unavailable Redis. */
export function redisUnavailable(cause?: unknown): ApiError {
  return new ApiError('ServiceUnavailableError', 'Redis is unavailable; send the request again later.', {}, { cause });
}
