import { randomBytes } from 'node:crypto';
import { ApiError, type ErrorBody, UnreachableError } from '../../../errors.ts';
import { createHttpClient } from '../../../http/http-client.ts';
import type { ApiRequest } from '../../../http/request.ts';
import { isRetryable, retry } from '../../../http/retry.ts';
import type { Settings } from '../../../settings.ts';

/** Interval between two renewals of a session; the API ends one that was not renewed for 30 s. */
const renewIntervalMs = 5000;
/** Time limit of one renewal. */
const renewTimeoutMs = 10_000;

/** What was removed at the end of a session. */
export interface RemovedResources {
  readonly containers: readonly string[];
  readonly networks: readonly string[];
  readonly volumes: readonly string[];
  /** The reasons why others were not removed. */
  readonly failures: readonly string[];
}

/** A session: all its containers, networks and volumes are on one node, and are removed when it ends. */
export interface ProxySession {
  readonly id: string;
  readonly node: string;
  /** Ends the session and removes everything. @throws ApiError, or UnreachableError */
  end(signal: AbortSignal): Promise<RemovedResources>;
  /** Stops renewing it, so that it lapses. */
  abandon(): void;
}

/**
 * Begins a session, and renews it until it ends.
 * @param node default: chosen by the API
 * @param onLost called once if the API has ended the session, or no longer answers
 * @throws ApiError, or UnreachableError
 */
export async function beginSession(
  settings: Settings,
  node: string | undefined,
  signal: AbortSignal,
  onLost: (error: unknown) => void,
): Promise<ProxySession> {
  const id = randomBytes(16).toString('hex');
  const http = createHttpClient({ ...settings, baseUrl: settings.baseUrl.replace(/\/api\/v1$/, '/docker') });
  const path = `/podman-api/sessions/${id}`;
  const send = async <Body>(request: ApiRequest): Promise<Body> => readDockerResponse(await http.open(request), settings);
  const renew = (query: object, until: AbortSignal) => send<{ readonly node: string }>({ method: 'PUT', path, query, signal: until });
  const { node: chosen } = await retry(() => renew({ node }, signal), {
    timeoutMs: settings.retryTimeoutMs,
    onRetry: settings.onRetry,
    signal,
  });
  /** Whether the session has ended, so that failed renewals no longer matter. */
  let isOver = false;
  const timer = setInterval(() => {
    renew({}, AbortSignal.timeout(renewTimeoutMs)).catch((error: unknown) => {
      const isTemporary = isRetryable(error) || !(error instanceof ApiError);
      if (isOver || isTemporary) return;
      isOver = true;
      clearInterval(timer);
      onLost(error);
    });
  }, renewIntervalMs);
  return {
    id,
    node: chosen,
    end(until) {
      clearInterval(timer);
      isOver = true;
      const options = { timeoutMs: settings.retryTimeoutMs, onRetry: settings.onRetry, signal: until };
      return retry(() => send<RemovedResources>({ method: 'DELETE', path, signal: until }), options);
    },
    abandon: () => clearInterval(timer),
  };
}

/** Errors that need different handling. */
const errors: readonly Pick<ErrorBody, 'code' | 'type'>[] = [
  { code: 400, type: 'ValidationError' },
  { code: 401, type: 'UnauthorizedError' },
  { code: 403, type: 'ForbiddenError' },
  { code: 404, type: 'NotFoundError' },
  { code: 409, type: 'ConflictError' },
  { code: 429, type: 'RateLimitError' },
  { code: 503, type: 'ServiceUnavailableError' },
];

/** Reads a response of the Docker-compatible API, whose errors are `{"message"}`. @throws ApiError, or UnreachableError */
async function readDockerResponse<Body>(response: Response, { baseUrl }: Settings): Promise<Body> {
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok && isBody<Body>(body)) return body;
  const { status } = response;
  if (typeof body === 'object' && body !== null && 'message' in body && typeof body.message === 'string') {
    const known = errors.find(({ code }) => code === status) ?? { code: 500, type: 'PodmanAPIError' };
    throw new ApiError({ ...known, message: body.message });
  }
  const { origin } = new URL(baseUrl);
  throw new UnreachableError(`${origin} has no Docker-compatible API (${status}): update podman-api there.`, status >= 502);
}

function isBody<Body>(body: unknown): body is Body {
  return typeof body === 'object' && body !== null;
}
