import { UnreachableError } from '../errors.ts';
import type { Settings } from '../settings.ts';
import { translateFetchError } from './fetch-error.ts';
import { type ApiRequest, formatQuery } from './request.ts';
import { readResponse } from './response.ts';
import { type RetryOptions, retry } from './retry.ts';

/** Time limit for a response; longer than the longest `wait` of this client. */
const responseTimeoutMs = 60_000;

/** Sends requests to the API. */
export interface HttpClient {
  readonly settings: Settings;
  /**
   * Sends a request and reads its response. Retries use the same Idempotency-Key.
   * @param retry default: the settings and the signal of the request; a `timeoutMs` below that of the settings has no effect
   * @throws ApiError for an error of the API, UnreachableError if it does not answer, or the reason of the request's signal
   */
  send<Body>(request: ApiRequest, retry?: Partial<Omit<RetryOptions, 'onRetry'>>): Promise<Body>;
  /**
   * Sends a request once and returns the response, whose body has not been read.
   * @throws UnreachableError, or the reason of the request's signal
   */
  open(request: ApiRequest): Promise<Response>;
}

/** Creates the sender of requests for validated settings. */
export function createHttpClient(settings: Settings): HttpClient {
  const open = async ({ method, path, query = {}, body, bytes, isLong = false, headers: given, signal }: ApiRequest): Promise<Response> => {
    const url = settings.baseUrl + path + formatQuery(query);
    const headers = {
      Accept: 'application/json',
      ...(settings.token !== undefined && { Authorization: `Bearer ${settings.token}` }),
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      ...given,
    };
    try {
      if (isLong && bytes !== undefined) {
        // Loaded on first use: it needs the modules of HTTP and TLS, which `fetch` does not.
        const { sendLongRequest } = await import('./send-long-request.ts');
        return await sendLongRequest(new URL(url), { method, headers, bytes, signal });
      }
      return await fetch(url, {
        method,
        headers,
        // A redirected POST would lose its body, or be sent twice.
        redirect: 'manual',
        ...(body !== undefined && { body: JSON.stringify(body) }),
        ...(bytes !== undefined && { body: bytes, duplex: 'half' as const }),
        ...(signal && { signal }),
      });
    } catch (error) {
      throw translateFetchError(error, settings, signal);
    }
  };

  const attempt = async <Body>(request: ApiRequest): Promise<Body> => {
    const timeout = AbortSignal.timeout(responseTimeoutMs);
    const signal = request.signal ? AbortSignal.any([request.signal, timeout]) : timeout;
    try {
      return await readResponse<Body>(await open({ ...request, signal }));
    } catch (error) {
      if (error instanceof Error && error === timeout.reason) throw createTimeoutError(settings);
      throw error instanceof TypeError ? translateFetchError(error, settings, request.signal) : error;
    }
  };

  return {
    settings,
    open,
    send: (request, { timeoutMs = 0, signal = request.signal } = {}) => {
      const idempotent = request.method === 'GET' ? request : withIdempotencyKey(request);
      return retry(() => attempt(idempotent), {
        timeoutMs: Math.max(settings.retryTimeoutMs, timeoutMs),
        ...(request.method !== 'GET' && { maxAgeMs: maxKeyAgeMs }),
        onRetry: settings.onRetry,
        signal,
      });
    },
  };
}

/** Age up to which an Idempotency-Key is sent again, see `RetryOptions.maxAgeMs`. */
const maxKeyAgeMs = 10 * 60_000;

/** Adds a new Idempotency-Key, unless the request has one. */
function withIdempotencyKey(request: ApiRequest): ApiRequest {
  return { ...request, headers: { 'Idempotency-Key': crypto.randomUUID(), ...request.headers } };
}

function createTimeoutError({ baseUrl }: Settings): UnreachableError {
  return new UnreachableError(
    `${new URL(baseUrl).origin} did not answer within ${responseTimeoutMs / 1000} seconds: check that the API is running.`,
    true,
  );
}
