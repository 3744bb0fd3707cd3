import { assertConforms } from './conform/index.ts';
import { fieldOf } from './field.ts';
import { until } from './poll.ts';

/** A response of the API. */
export interface CallResponse {
  readonly status: number;
  readonly headers: Headers;
  /** The parsed JSON, or the text of another type. */
  readonly body: unknown;
  /** Returns a field of the body by its path, such as `execution.exit_code`; `undefined` if it is missing. */
  field(path: string): unknown;
}

/** Sends a request to the API. @param body a value to send as JSON, or a string to send unchanged */
export type SendRequest = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Readonly<Record<string, string>>,
) => Promise<CallResponse>;

/**
 * Creates a function that sends requests to the API and compares every response with docs/openapi.json.
 * @param url without the base path
 * @returns a function that throws if a response does not match the document
 */
export function createCall(url: string): SendRequest {
  return async (method, path, body, headers = {}) => {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { ...(body !== undefined && { 'Content-Type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const parsed: unknown = text.startsWith('{') ? JSON.parse(text) : text;
    assertConforms(method, `/api/v1${path}`, { status: response.status, headers: response.headers, body: parsed });
    return { status: response.status, headers: response.headers, body: parsed, field: path => fieldOf(parsed, path) };
  };
}

/**
 * Sends a request to all nodes, such as a list or a prune, again until none is `unreachable`. By design, a node is unreachable if its
 * worker gets no CPU time for five seconds; the job of the request is withdrawn there.
 * @param call sends the request
 * @returns the first response of all nodes, or an error
 */
export function callAllNodes<Request extends readonly unknown[]>(
  call: (...request: Request) => Promise<CallResponse>,
  ...request: Request
): Promise<CallResponse> {
  return until(async () => {
    const response = await call(...request);
    const unreachable = response.field('unreachable');
    return Array.isArray(unreachable) && unreachable.length > 0 ? undefined : response;
  });
}
