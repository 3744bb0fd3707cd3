import { UnreachableError } from '../errors.ts';
import type { Settings } from '../settings.ts';
import { describeSystemError } from '../system-error.ts';

const descriptions: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was closed',
  EPIPE: 'the connection was closed',
  UND_ERR_SOCKET: 'the connection was closed',
  UND_ERR_CONNECT_TIMEOUT: 'the connection timed out',
  UND_ERR_BODY_TIMEOUT: 'the connection timed out',
  ETIMEDOUT: 'the connection timed out',
  EHOSTUNREACH: 'there is no route to that host',
  ENETUNREACH: 'there is no route to that network',
  ENOTFOUND: 'the host name does not exist',
  EAI_AGAIN: 'the host name could not be resolved',
};

/**
 * Returns the error to throw for a failed `fetch`: the abort reason if the signal was aborted, or else an
 * UnreachableError with a one-line message that names what to check.
 */
export function translateFetchError(error: unknown, { baseUrl }: Settings, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted) return signal.reason;
  const cause = error instanceof Error ? error.cause : undefined;
  const code = findErrorCode(cause);
  const reason = descriptions[code] ?? describeSystemError(cause) ?? (cause instanceof Error ? cause.message : String(error));
  const message = `No answer from ${new URL(baseUrl).origin} (${reason}): check that the API is running and that PODMAN_API_URL is right.`;
  return new UnreachableError(message, code in descriptions && code !== 'ENOTFOUND', { cause: error });
}

/** Returns the code of a failed connection. If several addresses were tried, it is that of the first. */
function findErrorCode(cause: unknown): string {
  if (typeof cause !== 'object' || cause === null) return '';
  if ('code' in cause && typeof cause.code === 'string') return cause.code;
  if ('errors' in cause && Array.isArray(cause.errors)) return findErrorCode(cause.errors[0]);
  return '';
}
