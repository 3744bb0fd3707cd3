import { ask } from './ask.js';

/** A question waits this many times as long as its answer took, so that all together keep an API process busy for some 5 % of the time. */
const restraint = 20;

/**
 * Something that is asked again and again, at a pace that the API can bear: what it takes long to answer is asked less often.
 * @template Body
 * @param {string} path below the base path
 * @param {number} pause between two, in ms, at least; with 0 it is asked whenever the page looks
 * @param {(body: Body) => void} [take] told each answer
 * @returns {import('./types.d.ts').Question<Body>}
 */
export function createQuestion(path, pause, take) {
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
    get due() {
      return performance.now() >= next;
    },
    async ask() {
      const began = performance.now();
      /** @type {Awaited<ReturnType<typeof ask<import('./types.d.ts').Answered & Body>>>} */
      const { status, body: told, retryAfter } = await ask(path);
      const now = performance.now();
      next = now + Math.max(pause, (now - began) * restraint, retryAfter * 1000);
      if (status === 200) {
        body = told;
        problem = '';
        take?.(told);
        return;
      }
      problem = told.error?.message ?? `The API answers with ${status}.`;
      // A token's scopes stay as they are: it would be refused each time.
      if (status === 403) {
        next = Number.POSITIVE_INFINITY;
        body = undefined;
      }
    },
    reset() {
      body = undefined;
      problem = '';
      next = 0;
    },
  };
}
