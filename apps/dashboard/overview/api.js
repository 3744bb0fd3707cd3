// Requests to the API, with the token that was entered in this tab, if any.

/** Time limit of a request: a list of all containers takes up to five seconds. */
const timeoutMs = 15_000;
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

/**
 * Sends a GET request.
 * @template {import('./types.d.ts').ApiResponse} Body
 * @param {string} path below the base path
 * @returns {Promise<{status: number, body: Body, retryAfterSeconds: number}>} `retryAfterSeconds` is 0 if the response has none
 * @throws {ApiUnavailable}
 */
export async function request(path) {
  try {
    const response = await fetch(`/api/v1/${path}`, {
      headers: token.text === '' ? {} : { Authorization: `Bearer ${token.text}` },
      cache: 'no-store',
      signal: AbortSignal.timeout(timeoutMs),
    });
    /** @type {Body} */
    const body = await response.json();
    return { status: response.status, body, retryAfterSeconds: Number(response.headers.get('Retry-After')) };
  } catch (cause) {
    throw new ApiUnavailable('The API does not respond.', { cause });
  }
}
