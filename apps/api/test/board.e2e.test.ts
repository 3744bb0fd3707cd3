import { images, type SendRequest, type Service, startApp, startService, type TestChild, until } from '@podman-api/testing';
import { uniqueContainerName } from '@podman-api/testing/containers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createToken } from '../src/tokens/commands.ts';
import { expectBoardLayout } from './board/expect-layout.ts';
import { boardRoutes, expectNoServerError, fillRoute } from './board/requests.ts';
import { createCanaries, foundIn } from './canaries/canaries.ts';
import { readAllKeys } from './canaries/redis.ts';
import { someLayouts } from './pages/layouts.ts';

const { mark, canary } = createCanaries();
const [firstNode, secondNode] = [`a-${mark.slice(6)}`, `b-${mark.slice(6)}`];
const queuesOf = (node: string) => [`podman-${node}`, `podman-${node}_reads`, `podman-${node}_waits`] as const;
const [queue] = queuesOf(firstNode);
const queues = [...queuesOf(firstNode), ...queuesOf(secondNode)] as const;
let service: Service;
let secondWorker: TestChild;
/** The container of the jobs. */
let name: string;
let url: string;
/** Ids of jobs on the first node: some succeeded, some failed, and the last one timed out. */
const jobs: string[] = [];

beforeAll(async () => {
  service = await startService({ NODE_NAME: firstNode });
  url = service.url;
  name = uniqueContainerName();
  const environment = { TOKEN: canary() };
  const container = { image: images.busybox, name, network: 'none', command: 'sleep 600', environment };
  const path = `/containers/${name}`;
  const loud = { command: 'cat; env; cat >&2 </secret', stdin: canary(), environment };
  const asked: readonly (readonly [string, object])[] = [
    ['/containers', container],
    [`${path}/files`, { dest_path: '/secret', content: canary() }],
    [`${path}/users`, { username: 'app', password: canary() }],
    [`${path}/users`, { username: 'app', password: canary() }],
    [`${path}/exec`, loud],
    [`${path}/exec`, { ...loud, command: 'cat; env; sleep 60', timeout: 1 }],
  ];
  for (const [to, body] of asked) {
    const response = await service.call('POST', to, body);
    jobs.push(String(response.field('job_id') ?? response.field('error.job.id')));
  }
  // After the jobs, because both nodes have the same podman, so that either could get them.
  secondWorker = startApp('worker', { ...service.env, NODE_NAME: secondNode });
  await until(async () => (await service.call('GET', `/nodes/${secondNode}`)).field('node.status') === 'ready');
  // BullMQ moves a job to its end after the caller has the outcome.
  await until(async () => (await readQueues()).every(({ counts }) => counts.active === 0));
});
afterAll(async () => {
  if (secondWorker.process.exitCode === null) await secondWorker.end();
  await service.stop();
});

const ask = (path: string, init: RequestInit = {}) => fetch(url + path, init);

interface ShownQueue {
  readonly name: string;
  readonly counts: Readonly<Record<string, number>>;
}

async function readQueues(headers: Readonly<Record<string, string>> = {}): Promise<readonly ShownQueue[]> {
  const { queues: shown }: { queues: readonly ShownQueue[] } = JSON.parse(await (await ask('/queues/api/queues', { headers })).text());
  return shown;
}

async function readQueueNames(headers?: Readonly<Record<string, string>>): Promise<readonly string[]> {
  return (await readQueues(headers)).map(queue => queue.name);
}

describe('queue board', () => {
  it('shows the queues of all nodes', async () => {
    expect(await readQueueNames()).toEqual(queues);
  });

  it('shows the input and the outcome of jobs, but no secrets and nothing about Redis', async () => {
    const reads = boardRoutes.filter(({ methods }) => methods.includes('get')).map(({ path }) => path);
    const paths = new Set([
      ...queues.map(shown => `/queues/api/queues?activeQueue=${shown}&status=latest&jobsPerPage=100`),
      ...jobs.flatMap(job => reads.map(path => fillRoute(path, queue, job))),
    ]);
    const responses = await Promise.all([...paths].map(async path => `${path} ${await (await ask(path)).text()}`));
    expect(responses.filter(response => foundIn(response, mark).length > 0)).toEqual([]);
    for (const shown of [jobs.at(-1) ?? '', name, '"command":"cat; env; cat >&2 </secret"', 'timed_out: ', '"exit_code":0']) {
      expect(
        responses.some(response => response.includes(shown)),
        shown,
      ).toBe(true);
    }
    expect(responses.filter(response => /"(signature|claim|redis_version|addr)"|SECRET_KEY/.test(response))).toEqual([]);
    expect((await ask('/queues/api/redis/stats')).status).toBe(403);
    expect((await ask(`/queues/api/queues/${queue}/workers`)).status).toBe(403);
  });

  it('rejects every method except GET and HEAD, and changes nothing', async () => {
    const state = async () => {
      const keys = await readAllKeys(await service.redis.masters());
      return [...keys]
        .filter(([key]) => key.startsWith('bull:') && !key.endsWith(':stalled-check'))
        .map(([key, value]) => [key, String(value)]);
    };
    const before = await state();
    const requests = boardRoutes.flatMap(({ path }) =>
      ['PUT', 'POST', 'PATCH', 'DELETE'].map(
        method => [method, fillRoute(path, queue, jobs[0] ?? '').replaceAll(/:\w+/g, 'failed')] as const,
      ),
    );
    const statuses = await Promise.all(
      requests.map(async ([method, path]) => {
        const body = '{"name":"x","data":{},"concurrency":1,"max":1,"duration":1}';
        const response = await ask(path, { method, body, headers: { 'Content-Type': 'application/json' } });
        return `${response.status} ${response.headers.get('Allow')}`;
      }),
    );
    expect(requests.length).toBeGreaterThan(100);
    expect(new Set(statuses)).toEqual(new Set(['405 HEAD, GET']));
    expect(await state()).toEqual(before);
  });

  it('is sent with a policy that allows no other origin, and with a cacheable script', async () => {
    const page = await ask('/queues', { headers: { 'X-Request-Id': 'mine' } });
    expect(page.headers.get('Content-Security-Policy')).toMatch(/^default-src 'none'; script-src 'self'; .*base-uri 'self'/);
    expect(page.headers.get('X-Content-Type-Options')).toBe('nosniff');
    expect(page.headers.get('X-Request-Id')).toBe('mine');
    const text = await page.text();
    const [script = ''] = /static\/js\/main\.\w+\.js/.exec(text) ?? [];
    expect((await ask(`/queues/${script}`)).headers.get('Cache-Control')).toContain('immutable');
    expect((await ask(`/queues/queue/${queue}`)).status).toBe(200);
  });

  it('answers errors in the form of the API', async () => {
    const responses = await Promise.all(
      ['/nothing', '/static/../package.json', '/static/%2e%2e/index.ejs', '/api/queues/none/metrics', `/api/queues/${queue}/none`].map(
        path => ask(`/queues${path}`),
      ),
    );
    for (const response of responses) {
      expect(response.status, response.url).toBe(404);
      expect(await response.json()).toMatchObject({
        success: false,
        error: { type: 'NotFoundError' },
        message: expect.stringMatching(/^There is no /),
      });
    }
    expect((await ask('/queues/api/queues?page=x')).status).toBe(400);
    expect((await ask('/queues', { headers: { 'Sec-Fetch-Site': 'cross-site' } })).status).toBe(403);
  });

  // More texts are tested in `npm run test:all`.
  it('answers odd paths and queries without a 5xx', () => expectNoServerError(url, queue, ['%00', '__proto__', '-1']));
});

describe('queue board with tokens', () => {
  const tokens = new Map<string, string>();
  beforeAll(async () => {
    for (const scope of ['jobs', 'admin', 'exec']) {
      tokens.set(scope, createToken(String(service.env['API_TOKENS_FILE']), { write: () => {} }, `only-${scope}`, { scopes: scope }));
    }
    // The token that was created last.
    await until(async () => (await ask('/queues', { headers: bearer('exec') })).status === 403);
  });
  const tokenOf = (scope: string) => tokens.get(scope) ?? 'not-a-token';
  const bearer = (scope: string) => ({ Authorization: `Bearer ${tokenOf(scope)}` });
  const basic = (scope: string, user = 'anyone') => ({
    Authorization: `Basic ${Buffer.from(`${user}:${tokenOf(scope)}`).toString('base64')}`,
  });

  it.each([
    ['jobs', 200],
    ['admin', 200],
    ['exec', 403],
    ['none', 401],
  ])('answers a token with the scope %s with %i', async (scope, status) => {
    for (const headers of [bearer(scope), basic(scope), basic(scope, '')]) {
      for (const path of ['/queues', '/queues/', '/queues/api/queues', '/queues/static/favicon.ico']) {
        expect((await ask(path, { headers })).status, path).toBe(status);
      }
    }
  });

  it('asks browsers for a password, which no other route accepts', async () => {
    expect((await ask('/queues')).headers.get('WWW-Authenticate')).toBe('Bearer, Basic realm="podman-api", charset="UTF-8"');
    expect((await ask('/queues', { headers: basic('none') })).headers.get('WWW-Authenticate')).toMatch(
      /^Bearer error="invalid_token", Basic /,
    );
    for (const path of ['/api/v1/jobs', '/api/v1/containers', '/metrics', '/queuesx', '/overview', '/api/v1/queues']) {
      const response = await ask(path, { headers: basic('admin') });
      expect(response.status, path).toBe(401);
      expect(response.headers.get('WWW-Authenticate')).toBe('Bearer');
    }
    for (const Authorization of ['Basic', 'Basic !', `Basic ${Buffer.from(tokenOf('admin')).toString('base64')}`, 'Basic Og==']) {
      expect((await ask('/queues', { headers: { Authorization } })).status, Authorization).toBe(401);
    }
  });

  it.each(someLayouts)('fits in %i px in %s colors, opened with a password', async (width, colorScheme) => {
    const content = { queues, job: jobs[4] ?? '', container: name };
    await expectBoardLayout(url, content, { width, colorScheme, password: tokenOf('jobs') });
  });

  it('no longer shows the queues of a node that was removed', async () => {
    const call: SendRequest = (method, path) => service.call(method, path, undefined, bearer('admin'));
    await secondWorker.end();
    await until(async () => (await call('GET', `/nodes/${secondNode}`)).field('node.status') === 'offline');
    expect(await readQueueNames(bearer('jobs'))).toEqual(queues);
    expect((await call('DELETE', `/nodes/${secondNode}`)).status).toBe(200);
    expect(await readQueueNames(bearer('jobs'))).toEqual(queuesOf(firstNode));
  });
});
