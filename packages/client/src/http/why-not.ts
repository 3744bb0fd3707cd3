import { UnreachableError } from '../errors.ts';
import type { Settings } from '../settings.ts';
import { systemErrorText } from '../system-error.ts';

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  UND_ERR_SOCKET: 'the connection was cut',
  UND_ERR_CONNECT_TIMEOUT: 'no connection came about in time',
  ETIMEDOUT: 'no connection came about in time',
  EHOSTUNREACH: 'there is no way to that host',
  ENETUNREACH: 'there is no way to that network',
  ENOTFOUND: 'there is no host of that name',
  EAI_AGAIN: 'the name could not be looked up',
};

/** Why a fetch failed: what its signal was aborted for, or an error of one line that says what to do. */
export function whyNot(error: unknown, { base }: Settings, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted) return signal.reason;
  const cause = error instanceof Error ? error.cause : undefined;
  const code = codeOf(cause);
  const reason = reasons[code] ?? systemErrorText(cause) ?? (cause instanceof Error ? cause.message : String(error));
  const message = `No answer from ${new URL(base).origin} (${reason}): is the API running, and is PODMAN_API_URL right?`;
  return new UnreachableError(message, code in reasons && code !== 'ENOTFOUND', { cause: error });
}

/** The code of a failed connection; of several addresses' failures, the first one's. */
function codeOf(cause: unknown): string {
  if (typeof cause !== 'object' || cause === null) return '';
  if ('code' in cause && typeof cause.code === 'string') return cause.code;
  if ('errors' in cause && Array.isArray(cause.errors)) return codeOf(cause.errors[0]);
  return '';
}
