import { ApiError, type ErrorBody, UnreachableError } from '../errors.ts';

interface ErrorResponse {
  readonly error: ErrorBody;
}

/**
 * Reads the JSON of a response.
 * @throws ApiError for an error of the API
 * @throws UnreachableError for a response of another server, such as a proxy
 */
export async function readResponse<Body>(response: Response): Promise<Body> {
  const body = parseJson(await response.text());
  if (isErrorResponse(body)) throw new ApiError(body.error, parseRetryAfter(response));
  if (!isApiResponse<Body>(body)) throw createUnexpectedResponseError(response);
  return body;
}

/** Creates the error for a response that is not of the API. Only statuses of a gateway are retryable. */
function createUnexpectedResponseError({ status, url }: Response): UnreachableError {
  const description = `The response (${status}) of ${new URL(url).origin} is not from podman-api`;
  if (status === 502 || status === 503 || status === 504)
    return new UnreachableError(`${description}: check that the API is running behind this address.`, true);
  return new UnreachableError(`${description}: check PODMAN_API_URL.`, false);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isApiResponse<Body>(body: unknown): body is Body {
  return typeof body === 'object' && body !== null && 'success' in body;
}

function isErrorResponse(body: unknown): body is ErrorResponse {
  return typeof body === 'object' && body !== null && 'success' in body && 'error' in body;
}

/** Returns seconds. */
function parseRetryAfter({ headers }: Response): number | undefined {
  const header = headers.get('Retry-After') ?? '';
  return /^\d{1,9}$/.test(header) ? Number(header) : undefined;
}
