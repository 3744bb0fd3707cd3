import { request } from './api.js';

/** Pause between two requests, as a multiple of the response time: the page keeps an API process busy for about 5 % of the time. */
const pauseFactor = 20;

/**
 * Creates a resource that is polled. Resources with a long response time are polled less often.
 * @template Body
 * @param {string} path below the base path
 * @param {number} minPauseMs minimum between two requests in ms; with 0 it is requested with each update of the page
 * @param {(body: Body) => void} [onLoad] called with each response
 * @returns {import('./types.d.ts').PolledResource<Body>}
 */
export function createResource(path, minPauseMs, onLoad) {
  /** @type {Body | undefined} */
  let body;
  let problem = '';
  let next = 0;
  return {
    get body() {
      return body;
    },
    get problem() {
      return problem;
    },
    get isDue() {
      return performance.now() >= next;
    },
    async load() {
      const startedAtMs = performance.now();
      /** @type {Awaited<ReturnType<typeof request<import('./types.d.ts').ApiResponse & Body>>>} */
      const { status, body: loaded, retryAfterSeconds } = await request(path);
      const now = performance.now();
      next = now + Math.max(minPauseMs, (now - startedAtMs) * pauseFactor, retryAfterSeconds * 1000);
      if (status === 200) {
        body = loaded;
        problem = '';
        onLoad?.(loaded);
        return;
      }
      problem = loaded.error?.message ?? `The API responded with status ${status}.`;
      // The scopes of a token never change, so another request would be refused too.
      if (status === 403) {
        next = Number.POSITIVE_INFINITY;
        body = undefined;
      }
    },
    expire() {
      next = 0;
    },
    reset() {
      body = undefined;
      problem = '';
      next = 0;
    },
  };
}
