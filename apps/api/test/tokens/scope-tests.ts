import { readFileSync } from 'node:fs';
import { until } from '@podman-api/testing';
import { describe, expect, it } from 'vitest';
import { detached, jobPathOf } from '../detached-jobs.ts';
import { nameOf, type Scope, type SharedTokens, scopes } from './shared-tokens.ts';
import { withToken } from './token-service.ts';

/** Registers the tests of what a token of each scope may do. They run at the same time as those of a ticket and of the audit log. */
export function testScopes(shared: SharedTokens): void {
  const { callAs } = shared;
  /** The routes of the OpenAPI document, and the scopes that each requires; `undefined` if it needs no token. */
  const routes = readRoutes();

  // Its end is noticed at the next ping of a stream, after up to 15 s: the other tests run meanwhile.
  describe.concurrent('a token', () => {
    it('that is revoked ends the streams of its caller, but not their jobs', async () => {
      const { service, runToken } = shared.tokens;
      const { text: bearer } = await runToken('create', 'reader', '--scopes', 'exec');
      const reader = withToken(service.call, bearer);
      await until(async () => (await reader('GET', '/jobs')).status === 200);
      const { headers } = await reader('POST', `/containers/${shared.container}/exec`, { command: 'sleep 600' }, detached);
      const location = headers.get('Location') ?? '';
      const response = await fetch(`${service.url}${location}/output`, { headers: { Authorization: `Bearer ${bearer}` } });
      await until(async () => (await reader('GET', jobPathOf(location))).field('job.status') === 'running');
      await runToken('revoke', 'reader');
      await response.text();
      expect((await callAs('admin')('GET', jobPathOf(location))).field('job.status')).toBe('running');
      expect((await callAs('admin')('DELETE', jobPathOf(location))).status).toBe(200);
    });

    it('may use an Idempotency-Key that another token uses too', async () => {
      const key = { 'Idempotency-Key': 'same' };
      const [one, other] = await Promise.all(
        (['exec', 'admin'] as const).map(scope => callAs(scope)('POST', `/containers/${shared.container}/exec`, { command: 'id' }, key)),
      );
      expect(one?.field('job_id')).not.toBe(other?.field('job_id'));
    });
  });

  describe.concurrent('scopes', () => {
    it('are declared by every route of the OpenAPI document except those that need no scope', () => {
      expect(routes.filter(({ required }) => required === undefined).map(({ route }) => route)).toEqual([
        'GET /health',
        'GET /openapi.json',
      ]);
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
      const statuses = await Promise.all(scopes.map(async scope => [scope, (await callAs(scope)(method, target)).status] as const));
      const isAllowed = (scope: Scope) => required.every(needed => [needed, needed.replace(':read', ':write'), 'admin'].includes(scope));
      expect(statuses.filter(([, status]) => status !== 403).map(([scope]) => scope)).toEqual(scopes.filter(isAllowed));
      for (const [, status] of statuses) expect([200, 400, 403, 404, 415, 426]).toContain(status);
    });

    it('allow a request that does something', async () => {
      const [reader, executor] = [callAs('containers:read'), callAs('exec')];
      expect((await reader('GET', `/containers/${shared.container}/top`)).status).toBe(200);
      expect((await callAs('images:write')('GET', '/images')).status).toBe(200);
      expect((await executor('PUT', `/containers/${shared.container}/files?path=/scope`, {})).status).toBe(201);
      expect((await executor('GET', `/containers/${shared.container}`)).status).toBe(403);
    });

    it('let a caller see and cancel its own jobs, and jobs of others only with the scope jobs', async () => {
      const run = callAs('exec');
      const { headers } = await run('POST', `/containers/${shared.container}/exec`, { command: 'sleep 600' }, detached);
      const path = jobPathOf(headers.get('Location'));
      expect((await run('GET', path)).field('job.token')).toBe(nameOf('exec'));
      for (const [method, where] of [
        ['GET', path],
        ['GET', `${path}/output`],
        ['DELETE', path],
      ] as const) {
        expect((await callAs('metrics')(method, where)).status).toBe(403);
      }
      expect((await callAs('metrics')('GET', '/jobs')).field('jobs')).not.toContainEqual(
        expect.objectContaining({ token: nameOf('exec') }),
      );
      expect((await callAs('jobs')('GET', path)).status).toBe(200);
      const listed = (await run('GET', '/jobs')).field('jobs');
      expect(listed).toContainEqual(expect.objectContaining({ id: path.replace('/jobs/', ''), operation: 'container.exec' }));
      expect(listed).not.toContainEqual(expect.objectContaining({ token: expect.not.stringMatching(nameOf('exec')) }));
      expect((await run('DELETE', path)).field('job.status')).toBe('cancelled');
    });
  });
}

function readRoutes() {
  const { paths }: OpenApiDocument = JSON.parse(readFileSync(new URL('../../../../docs/openapi.json', import.meta.url), 'utf8'));
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
