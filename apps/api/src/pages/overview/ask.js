// Asks the API, with the token that this tab was told, if it was.

/** How long an answer may take, in ms: a list of all containers takes up to five seconds. */
const patience = 15_000;
const key = 'podman-api-token';

/** Nothing answered, or something that is not the API, such as a proxy before it. */
export class Away extends Error {}

/** The token: it stays in this tab until that is closed, and stands in no address. */
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
 * @template {import('./types.d.ts').Answered} Body
 * @param {string} path below the base path
 * @returns {Promise<{status: number, body: Body, retryAfter: number}>} seconds, where it says when to ask again
 * @throws {Away}
 */
export async function ask(path) {
  try {
    const response = await fetch(`/api/v1/${path}`, {
      headers: token.text === '' ? {} : { Authorization: `Bearer ${token.text}` },
      cache: 'no-store',
      signal: AbortSignal.timeout(patience),
    });
    /** @type {Body} */
    const body = await response.json();
    return { status: response.status, body, retryAfter: Number(response.headers.get('Retry-After')) };
  } catch (cause) {
    throw new Away('The API does not answer.', { cause });
  }
}
