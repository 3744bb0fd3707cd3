import { ApiError, type ErrorBody, UnreachableError } from '../errors.ts';

interface ErrorResponse {
  readonly error: ErrorBody;
}

/**
 * Reads the JSON of a response.
 * @throws ApiError for an error of the API
 * @throws UnreachableError for a response of something else, such as a proxy
 */
export async function readResponse<Body>(response: Response): Promise<Body> {
  const body = parseJson(await response.text());
  if (isErrorResponse(body)) throw new ApiError(body.error, parseRetryAfter(response));
  if (!isApiResponse<Body>(body)) throw createForeignResponseError(response);
  return body;
}

/** Only the statuses of a gateway that does not reach the API are worth a retry. */
function createForeignResponseError({ status, url }: Response): UnreachableError {
  const finding = `${new URL(url).origin} answered ${status}, not as podman-api does`;
  if (status === 502 || status === 503 || status === 504) return new UnreachableError(`${finding}: it does not reach the API.`, true);
  return new UnreachableError(`${finding}: is PODMAN_API_URL right?`, false);
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
