import { UnreachableError } from '../errors.ts';
import type { Settings } from '../settings.ts';
import { describeSystemError } from '../system-error.ts';

const descriptions: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  UND_ERR_SOCKET: 'the connection was cut',
  UND_ERR_CONNECT_TIMEOUT: 'the connection timed out',
  ETIMEDOUT: 'the connection timed out',
  EHOSTUNREACH: 'there is no route to that host',
  ENETUNREACH: 'there is no route to that network',
  ENOTFOUND: 'there is no host of that name',
  EAI_AGAIN: 'the name could not be looked up',
};

/**
 * Returns the error to throw for a failed `fetch`: the abort reason if the signal was aborted, or else an
 * UnreachableError whose message is one line and says what to check.
 */
export function translateFetchError(error: unknown, { baseUrl }: Settings, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted) return signal.reason;
  const cause = error instanceof Error ? error.cause : undefined;
  const code = findErrorCode(cause);
  const reason = descriptions[code] ?? describeSystemError(cause) ?? (cause instanceof Error ? cause.message : String(error));
  const message = `No answer from ${new URL(baseUrl).origin} (${reason}): is the API running, and is PODMAN_API_URL right?`;
  return new UnreachableError(message, code in descriptions && code !== 'ENOTFOUND', { cause: error });
}

/** Returns the code of a failed connection. If several addresses were tried, it is that of the first. */
function findErrorCode(cause: unknown): string {
  if (typeof cause !== 'object' || cause === null) return '';
  if ('code' in cause && typeof cause.code === 'string') return cause.code;
  if ('errors' in cause && Array.isArray(cause.errors)) return findErrorCode(cause.errors[0]);
  return '';
}
