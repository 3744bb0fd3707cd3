import { ApiError, type ErrorBody, UnreachableError } from '../errors.ts';

interface Failure {
  readonly error: ErrorBody;
}

/**
 * Reads an answer's JSON.
 * @throws ApiError that the API told
 * @throws UnreachableError where somebody else has answered, such as a proxy
 */
export async function readAnswer<Body>(response: Response): Promise<Body> {
  const body = parse(await response.text());
  if (isFailure(body)) throw new ApiError(body.error, retryAfter(response));
  if (!isAnswer<Body>(body)) throw notTheApi(response);
  return body;
}

/** An error of somebody who stands between: of those that a gateway tells, some pass. */
function notTheApi({ status, url }: Response): UnreachableError {
  const words = `${new URL(url).origin} answered ${status}, not as podman-api does`;
  if (status === 502 || status === 503 || status === 504) return new UnreachableError(`${words}: it does not reach the API.`, true);
  return new UnreachableError(`${words}: is PODMAN_API_URL right?`, false);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isAnswer<Body>(body: unknown): body is Body {
  return typeof body === 'object' && body !== null && 'success' in body;
}

function isFailure(body: unknown): body is Failure {
  return typeof body === 'object' && body !== null && 'success' in body && 'error' in body;
}

function retryAfter({ headers }: Response): number | undefined {
  const header = headers.get('Retry-After') ?? '';
  return /^\d{1,9}$/.test(header) ? Number(header) : undefined;
}
