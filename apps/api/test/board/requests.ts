import { appRoutes } from '@bull-board/api/dist/routes.js';
import { expect } from 'vitest';

/** The routes of bull-board's API, and their methods. */
export const boardRoutes = appRoutes.api.flatMap(({ method, route }) => [route].flat().map(path => ({ methods: [method].flat(), path })));

/** Fills a queue and a job into a route of bull-board. */
export const fillRoute = (route: string, queue: string, job: string) =>
  `/queues${route.replace(':queueName', queue).replace(':jobId', job)}`;

/** Texts in the place of queues, jobs and numbers. */
export const oddTexts = [
  '%25',
  '%00',
  '__proto__',
  'meta',
  'completed',
  'events',
  'wait',
  '..',
  'x'.repeat(5000),
  '999999999999999',
  '1e300',
  '-1',
  '[]',
];

/**
 * Expects that the board answers a string in each part of a path and in each parameter without a 5xx.
 * @param url of the API
 * @param queue an existing one
 */
export async function expectNoServerError(url: string, queue: string, texts: readonly string[]): Promise<void> {
  const paths = texts.flatMap(text => [
    ...boardRoutes.map(({ path }) => fillRoute(path, text, text)),
    ...boardRoutes.map(({ path }) => fillRoute(path, queue, text)),
    ...['activeQueue', 'status', 'page', 'jobsPerPage', 'queueName'].flatMap(name => [
      `/queues/api/queues?activeQueue=${queue}&${name}=${text}`,
      `/queues/api/queues?activeQueue=${queue}&status=completed&${name}=${text}`,
      `/queues/api/job-schedulers?${name}=${text}`,
    ]),
  ]);
  const responses: (readonly [number, string])[] = [];
  // Some at a time: on a busy host, Node.js closes connections with 408 if all wait for more than a minute.
  for (let first = 0; first < paths.length; first += 32) {
    const some = paths.slice(first, first + 32);
    responses.push(...(await Promise.all(some.map(async path => [(await fetch(url + path)).status, path.slice(0, 100)] as const))));
  }
  expect(responses.length).toBeGreaterThan(texts.length);
  expect(responses.filter(([status]) => ![200, 400, 403, 404, 405].includes(status))).toEqual([]);
}
