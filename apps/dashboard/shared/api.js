// Requests to the API, with the token that was entered in this tab, if any.

/** Time limit of a read: a list of all containers takes up to five seconds. */
const readTimeoutMs = 15_000;
/** Time limit of a change; the API itself responds after `REQUEST_TIMEOUT`, 30 s by default. */
const changeTimeoutMs = 600_000;
const key = 'podman-api-token';

/** The API did not respond, or something else did, such as a proxy in front of it. */
export class ApiUnavailable extends Error {}

/** The token: stored in this tab until the tab is closed, and in no URL. */
export const token = {
  get text() {
    return sessionStorage.getItem(key) ?? '';
  },
  set text(text) {
    if (text === '') sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, text);
  },
};

/** Returns the header with the token; empty without one. @returns {Record<string, string>} */
export function authorization() {
  return token.text === '' ? {} : { Authorization: `Bearer ${token.text}` };
}

/**
 * Sends a request.
 * @template {import('./types.d.ts').ApiResponse} Body
 * @param {string} path below the base path
 * @param {import('./types.d.ts').RequestOptions} [options]
 * @returns {Promise<{status: number, body: Body, retryAfterSeconds: number}>} `retryAfterSeconds` is 0 if the response has none
 * @throws {ApiUnavailable}
 */
export async function request(path, { method = 'GET', body, prefer } = {}) {
  try {
    const response = await fetch(`/api/v1/${path}`, {
      method,
      headers: {
        ...authorization(),
        ...(body && { 'Content-Type': 'application/json' }),
        ...(prefer && { Prefer: prefer }),
      },
      ...(body && { body: JSON.stringify(body) }),
      cache: 'no-store',
      signal: AbortSignal.timeout(method === 'GET' ? readTimeoutMs : changeTimeoutMs),
    });
    /** @type {Body} */
    const received = await response.json();
    return { status: response.status, body: received, retryAfterSeconds: Number(response.headers.get('Retry-After')) };
  } catch (cause) {
    throw new ApiUnavailable('The API does not respond.', { cause });
  }
}
