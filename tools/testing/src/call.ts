import { conform } from './conform/index.ts';
import { fieldOf } from './field.ts';

/** What the API answered. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
  /** A field of the body, by its path: `execution.exit_code`. */
  field(path: string): unknown;
}

/** Sends one request to the API, with a JSON body where one is given. */
export type Call = (method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>) => Promise<Answer>;

/**
 * Calls the API, and holds every answer against its document: a test fails where one deviates.
 * @param url without the base path
 */
export function caller(url: string): Call {
  return async (method, path, body, headers = {}) => {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { ...(body !== undefined && { 'Content-Type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const parsed: unknown = text.startsWith('{') ? JSON.parse(text) : text;
    conform(method, `/api/v1${path}`, { status: response.status, headers: response.headers, body: parsed });
    return { status: response.status, headers: response.headers, body: parsed, field: path => fieldOf(parsed, path) };
  };
}
