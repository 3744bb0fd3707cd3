import { readFileSync } from 'node:fs';
import { images, type SendRequest, until } from '@podman-api/testing';
import { ownName, startContainer } from '@podman-api/testing/containers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTerminal, refusedUpgrade } from './terminals/terminal-client.ts';
import { startTokenService, type TokenService, withToken } from './tokens/token-service.ts';

const scopes = ['containers:read', 'containers:write', 'images:read', 'images:write', 'exec', 'jobs', 'nodes', 'metrics', 'admin'] as const;
type Scope = (typeof scopes)[number];

/** The routes of the OpenAPI document, and the scopes that each requires; `undefined` if it needs no token. */
const routes = readRoutes();
const nameOf = (scope: Scope) => `only-${scope.replace(':', '-')}`;
const detached = { Prefer: 'respond-async' } as const;

let tokens: TokenService;
let container: string;
const callers = new Map<Scope, SendRequest>();
beforeAll(async () => {
  tokens = await startTokenService();
  container = await startContainer(images.plain);
  await Promise.all(scopes.map(async scope => callers.set(scope, await tokens.createCaller(nameOf(scope), scope))));
});
afterAll(() => tokens.stop());

function readRoutes() {
  const { paths }: OpenApiDocument = JSON.parse(readFileSync(new URL('../../../docs/openapi.json', import.meta.url), 'utf8'));
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(() => path.startsWith('/api/v1/'))
      .map(([method, { security = [] }]) => ({
        route: `${method.toUpperCase()} ${path.replace('/api/v1', '')}`,
        required: security.length === 0 ? undefined : security.flatMap(({ bearer = [] }) => bearer),
      })),
  );
}

interface OpenApiDocument {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { readonly security?: readonly { readonly bearer?: readonly string[] }[] }>>>
  >;
}

/** Returns calls with a token of one scope. */
function as(scope: Scope): SendRequest {
  const call = callers.get(scope);
  if (call === undefined) throw new Error(`there is no token for ${scope}`);
  return call;
}
const pathOf = (location: string | null) => (location ?? '').replace('/api/v1', '');

// Its end is noticed at the next ping of a stream, after up to 15 s: the other tests run meanwhile.
describe.concurrent('a token', () => {
  it('that is revoked ends the streams of its caller, but not their jobs', async () => {
    const { service, runToken } = tokens;
    const { text: bearer } = await runToken('create', 'reader', '--scopes', 'exec');
    const reader = withToken(service.call, bearer);
    await until(async () => (await reader('GET', '/jobs')).status === 200);
    const { headers } = await reader('POST', `/containers/${container}/exec`, { command: 'sleep 600' }, detached);
    const location = headers.get('Location') ?? '';
    const response = await fetch(`${service.url}${location}/output`, { headers: { Authorization: `Bearer ${bearer}` } });
    await until(async () => (await reader('GET', pathOf(location))).field('job.status') === 'running');
    await runToken('revoke', 'reader');
    await response.text();
    expect((await as('admin')('GET', pathOf(location))).field('job.status')).toBe('running');
    expect((await as('admin')('DELETE', pathOf(location))).status).toBe(200);
  });

  it('may use an Idempotency-Key that another token uses too', async () => {
    const key = { 'Idempotency-Key': 'same' };
    const [one, other] = await Promise.all(
      (['exec', 'admin'] as const).map(scope => as(scope)('POST', `/containers/${container}/exec`, { command: 'id' }, key)),
    );
    expect(one?.field('job_id')).not.toBe(other?.field('job_id'));
  });
});

describe.concurrent('scopes', () => {
  it('are declared by every route of the OpenAPI document but those that need no scope', () => {
    expect(routes.filter(({ required }) => required === undefined).map(({ route }) => route)).toEqual(['GET /health', 'GET /openapi.json']);
    expect(routes.filter(({ required }) => required?.length === 0).map(({ route }) => route)).toEqual([
      'GET /jobs',
      'GET /jobs/{id}',
      'DELETE /jobs/{id}',
      'GET /jobs/{id}/output',
      'GET /tokens/self',
    ]);
  });

  const scoped = routes.filter(({ required }) => required !== undefined);
  it.each(scoped)('$route is allowed to the scope that it declares, and returns 403 to the others', async ({ route, required = [] }) => {
    const [method = '', path = ''] = route.split(' ');
    // Nothing has this name, and no route has this parameter: what is allowed is refused for another reason, and does nothing.
    const target = `${path.replaceAll(/\{\w+\}/g, 'nothing')}?no_such_parameter=1`;
    const statuses = await Promise.all(scopes.map(async scope => [scope, (await as(scope)(method, target)).status] as const));
    const isAllowed = (scope: Scope) => required.every(needed => [needed, needed.replace(':read', ':write'), 'admin'].includes(scope));
    expect(statuses.filter(([, status]) => status !== 403).map(([scope]) => scope)).toEqual(scopes.filter(isAllowed));
    for (const [, status] of statuses) expect([200, 400, 403, 404, 415, 426]).toContain(status);
  });

  it('allow a request that does something', async () => {
    const [reader, executor] = [as('containers:read'), as('exec')];
    expect((await reader('GET', `/containers/${container}/top`)).status).toBe(200);
    expect((await as('images:write')('GET', '/images')).status).toBe(200);
    expect((await executor('PUT', `/containers/${container}/files?path=/scope`, {})).status).toBe(201);
    expect((await executor('GET', `/containers/${container}`)).status).toBe(403);
  });

  it('let a caller see and cancel its own jobs, and jobs of others only with the scope jobs', async () => {
    const run = as('exec');
    const { headers } = await run('POST', `/containers/${container}/exec`, { command: 'sleep 600' }, detached);
    const path = pathOf(headers.get('Location'));
    expect((await run('GET', path)).field('job.token')).toBe(nameOf('exec'));
    for (const [method, where] of [
      ['GET', path],
      ['GET', `${path}/output`],
      ['DELETE', path],
    ] as const) {
      expect((await as('metrics')(method, where)).status).toBe(403);
    }
    expect((await as('metrics')('GET', '/jobs')).field('jobs')).not.toContainEqual(expect.objectContaining({ token: nameOf('exec') }));
    expect((await as('jobs')('GET', path)).status).toBe(200);
    const listed = (await run('GET', '/jobs')).field('jobs');
    expect(listed).toContainEqual(expect.objectContaining({ id: path.replace('/jobs/', ''), operation: 'container.exec' }));
    expect(listed).not.toContainEqual(expect.objectContaining({ token: expect.not.stringMatching(nameOf('exec')) }));
    expect((await run('DELETE', path)).field('job.status')).toBe('cancelled');
  });
});

describe.concurrent('a ticket', () => {
  const path = () => `/containers/${container}/terminal`;
  const create = async (scope: Scope = 'exec') =>
    (await as(scope)('POST', '/tickets', { path: `/api/v1${path()}` })).field('ticket.ticket') ?? '';

  it('opens one terminal with the rights of its token, which the audit log names', async () => {
    const { url } = tokens.service;
    const ticket = await create();
    const headers = { 'X-Request-Id': 'audit-terminal' };
    const client = openTerminal(url, `${path()}?ticket=${ticket}&command=exit%202`, { headers });
    expect(await client.closed()).toBe(1000);
    expect(client.messages.at(-1)).toEqual({ type: 'exit', exit_code: 2 });
    await until(() => tokens.readAudit('audit-terminal').length >= 2);
    expect(tokens.readAudit('audit-terminal')).toMatchObject([
      { operation: 'container.terminal', outcome: 'opened', token: nameOf('exec'), container },
      { operation: 'container.terminal', outcome: 'succeeded', token: nameOf('exec'), container },
    ]);
    expect(await refusedUpgrade(url, `${path()}?ticket=${ticket}`)).toMatchObject({
      status: 401,
      body: expect.stringContaining('used before'),
    });
  });

  it('is valid only for its path and for a WebSocket', async () => {
    const { url } = tokens.service;
    expect(await refusedUpgrade(url, `/containers/other/terminal?ticket=${await create()}`)).toMatchObject({ status: 401 });
    expect((await tokens.service.call('GET', `${path()}?ticket=${await create()}`)).status).toBe(401);
    expect((await as('exec')('POST', '/tickets', { path: '/api/v1/containers' })).status).toBe(400);
  });

  it('does not show in Redis', async () => {
    const ticket = await create();
    const found = await tokens.service.redis.sendToAllMasters('KEYS', 'podman-api:ticket:*');
    expect(String(found)).toContain('podman-api:ticket:');
    expect(String(found)).not.toContain(ticket);
  });
});

describe.concurrent('the audit log', () => {
  /** Waits for the lines of a request id: a worker writes one after the API has answered. */
  const awaitLines = async (requestId: string, count: number) => {
    await until(() => tokens.readAudit(requestId).length >= count);
    return tokens.readAudit(requestId);
  };

  it('has a line for each change and each attempt that was refused, and none for reads', async () => {
    const name = ownName();
    const id = { 'X-Request-Id': 'audit-changes' };
    await as('containers:write')('POST', '/containers', { image: images.plain, name, network: 'none', command: 'sleep 600' }, id);
    await awaitLines('audit-changes', 1);
    await as('containers:read')('DELETE', `/containers/${name}`, undefined, id);
    await as('containers:write')('GET', `/containers/${name}`, undefined, id);
    await as('containers:write')('DELETE', `/containers/${name}?force=true`, undefined, id);
    const lines = await awaitLines('audit-changes', 3);
    expect(lines).toMatchObject([
      { operation: 'container.create', outcome: 'succeeded', token: nameOf('containers:write'), container: name },
      { operation: 'container.remove', outcome: 'refused', token: nameOf('containers:read'), container: name },
      { operation: 'container.remove', outcome: 'succeeded', token: nameOf('containers:write'), container: name },
    ]);
    const node = tokens.service.env['NODE_NAME'];
    expect(lines[0]).toMatchObject({ time: expect.any(String), node, duration_ms: expect.any(Number) });
  });

  it('has lines for the cancel of a job and for each attempt', async () => {
    const id = { 'X-Request-Id': 'audit-cancel' };
    const { headers } = await as('exec')('POST', `/containers/${container}/exec`, { command: 'sleep 600' }, { ...id, ...detached });
    const path = pathOf(headers.get('Location'));
    await until(async () => (await as('exec')('GET', path)).field('job.status') === 'running');
    await as('metrics')('DELETE', path, undefined, id);
    await as('exec')('DELETE', path, undefined, id);
    expect(await awaitLines('audit-cancel', 3)).toMatchObject([
      { operation: 'job.cancel', outcome: 'refused', token: nameOf('metrics') },
      { operation: 'job.cancel', outcome: 'asked', token: nameOf('exec') },
      { operation: 'container.exec', outcome: 'cancelled', token: nameOf('exec') },
    ]);
  });

  it('has no line for a dry run', async () => {
    const dryRun = { 'X-Request-Id': 'audit-dry-run' };
    const body = { image: images.plain, name: ownName() };
    expect((await as('containers:write')('POST', '/containers?dry_run=true', body, dryRun)).status).toBe(200);
    // A later job of the same worker has its line.
    const later = { 'X-Request-Id': 'audit-later' };
    await as('exec')('POST', `/containers/${container}/exec`, { command: 'true' }, later);
    await awaitLines('audit-later', 1);
    expect(tokens.readAudit('audit-dry-run')).toEqual([]);
  });
});
