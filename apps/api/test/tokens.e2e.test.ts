import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type Call,
  caller,
  images,
  type Service,
  startApi,
  startApp,
  startChild,
  startService,
  type TestApi,
  until,
} from '@podman-api/testing';
import { ownName, startContainer } from '@podman-api/testing/containers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const command = fileURLToPath(new URL('../src/token.ts', import.meta.url));
let folder: string;
let files: { API_TOKENS_FILE: string; AUDIT_LOG: string };
let service: Service;
let second: TestApi;
let container: string;

/** `npm run token -- …` */
const token = async (...args: string[]) => {
  const child = startChild(process.execPath, [command, ...args], files);
  return { code: await child.ended, text: child.output().trim() };
};
const as =
  (call: Call, bearer: string): Call =>
  (method, path, body, headers) =>
    call(method, path, body, { Authorization: `Bearer ${bearer}`, ...headers });
const audited = () =>
  readFileSync(files.AUDIT_LOG, 'utf8')
    .trim()
    .split('\n')
    .map((line): Record<string, unknown> => JSON.parse(line));

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'podman-api-tokens-'));
  files = { API_TOKENS_FILE: join(folder, 'tokens.json'), AUDIT_LOG: join(folder, 'audit.log') };
  service = await startService(files);
  second = await startApi(service.env);
  container = await startContainer(images.plain);
});
afterAll(async () => {
  await second.api.end();
  await service.stop();
  rmSync(folder, { recursive: true });
});

test('a token is made and revoked by a command, on every API process within 2 s', async () => {
  expect((await service.call('GET', '/containers')).status).toBe(200);
  const made = await token('create', 'short-lived', '--scopes', 'containers:read', '--expires', '1d');
  expect(made.text).toMatch(/^podman_api_[\w-]{43}$/);
  const stored = readFileSync(files.API_TOKENS_FILE, 'utf8');
  expect(stored).not.toContain(made.text.slice(11));
  expect(statSync(files.API_TOKENS_FILE).mode & 0o777).toBe(0o600);
  expect((await token('list')).text).toContain('short-lived  containers:read');

  const calls = [service.call, second.call];
  const all = async (bearer: string, status: number) => {
    const since = performance.now();
    await Promise.all(calls.map(call => until(async () => (await as(call, bearer)('GET', '/containers')).status === status)));
    return performance.now() - since;
  };
  expect(await all(made.text, 200)).toBeLessThan(2000);
  await until(async () => (await service.call('GET', '/containers')).status === 401);
  const refused = await service.call('GET', '/containers');
  expect(refused.headers.get('WWW-Authenticate')).toBe('Bearer');
  expect(refused.body).toMatchObject({ error: { type: 'UnauthorizedError', code: 401 } });
  expect((await as(service.call, `${made.text}x`)('GET', '/containers')).status).toBe(401);
  expect((await service.call('GET', '/no-such-route')).status).toBe(401);
  const told = { success: true, status: 'healthy', podman: 'connected', timestamp: expect.any(String) };
  expect((await service.call('GET', '/health')).body).toEqual(told);
  expect((await as(service.call, `${made.text}x`)('GET', '/health')).body).toEqual(told);
  expect((await as(service.call, made.text)('GET', '/health')).body).toEqual({ ...told, warnings: [] });

  expect(await token('revoke', 'short-lived')).toEqual({ code: 0, text: 'short-lived is revoked.' });
  expect(await all(made.text, 401)).toBeLessThan(2000);
  expect((await token('revoke', 'short-lived')).code).toBe(1);
});

test('a token that has expired is refused', async () => {
  const { text } = await token('create', 'expiring', '--scopes', 'admin', '--expires', '1m');
  await until(async () => (await as(service.call, text)('GET', '/jobs')).status === 200);
  const kept: { tokens: { name: string; expires_at: string }[] } = JSON.parse(readFileSync(files.API_TOKENS_FILE, 'utf8'));
  const soon = { tokens: kept.tokens.map(entry => ({ ...entry, expires_at: new Date(Date.now() + 700).toISOString() })) };
  writeFileSync(files.API_TOKENS_FILE, JSON.stringify(soon));
  await until(async () => (await as(service.call, text)('GET', '/jobs')).status === 401);
  await token('revoke', 'expiring');
});

test('a wrong command is told in a line, and makes nothing', async () => {
  expect((await token('create', 'x', '--scopes', 'root')).text).toMatch(/^--scopes must be some of/);
  expect((await token('create', 'x y', '--scopes', 'exec')).text).toMatch(/^A name is made of/);
  expect((await token('create', 'x', '--scopes', 'exec', '--expires', 'soon')).text).toMatch(/^--expires must be/);
  expect((await token('frob')).text).toMatch(/^Usage: npm run token/);
  expect((await token('list')).text).toBe('There are no tokens.');
});

describe('scopes', () => {
  const scopes = ['containers:read', 'containers:write', 'exec', 'jobs', 'nodes', 'metrics', 'admin'] as const;
  const tokens = new Map<string, string>();
  beforeAll(async () => {
    for (const scope of scopes) tokens.set(scope, (await token('create', `only-${scope.replace(':', '-')}`, '--scopes', scope)).text);
    await until(async () => (await as(service.call, tokens.get('admin') ?? '')('GET', '/jobs')).status === 200);
  });
  const withScope = (scope: string) => as(service.call, tokens.get(scope) ?? '');

  /** Each route, with a request that does nothing where it is let through, and who is let through beside `admin`. */
  const routes: [method: string, path: () => string, body: object | undefined, allowed: readonly string[]][] = [
    ['POST', () => '/containers', {}, ['containers:write']],
    ['GET', () => '/containers', undefined, ['containers:read', 'containers:write']],
    ['GET', () => `/containers/${container}`, undefined, ['containers:read', 'containers:write']],
    ['DELETE', () => '/containers/none', undefined, ['containers:write']],
    ['POST', () => '/containers/none/start', undefined, ['containers:write']],
    ['POST', () => '/containers/none/stop', undefined, ['containers:write']],
    ['GET', () => `/containers/${container}/logs`, undefined, ['containers:read', 'containers:write']],
    ['POST', () => `/containers/${container}/exec`, {}, ['exec']],
    ['POST', () => `/containers/${container}/files`, {}, ['exec']],
    ['POST', () => `/containers/${container}/users`, {}, ['exec']],
    ['GET', () => '/metrics', undefined, ['metrics']],
    ['GET', () => '/jobs', undefined, scopes],
    ['GET', () => '/health', undefined, scopes],
  ];
  test.each(routes)('%s %s', async (method, path, body, allowed) => {
    const answers = await Promise.all(scopes.map(async scope => [scope, await withScope(scope)(method, path(), body)] as const));
    const letThrough = answers.filter(([, { status }]) => status !== 403 && status !== 401).map(([scope]) => scope);
    expect(letThrough).toEqual(scopes.filter(scope => scope === 'admin' || allowed.includes(scope)));
  });

  test('jobs of others are for the scope jobs; one sees and cancels one’s own', async () => {
    const run = withScope('exec');
    const { headers } = await run('POST', `/containers/${container}/exec`, { command: 'sleep 60' }, { Prefer: 'respond-async' });
    const path = (headers.get('Location') ?? '').replace('/api/v1', '');
    expect((await run('GET', path)).field('job.token')).toBe('only-exec');
    for (const [method, where] of [
      ['GET', path],
      ['GET', `${path}/output`],
      ['DELETE', path],
    ] as const) {
      expect((await withScope('metrics')(method, where)).status).toBe(403);
    }
    expect((await withScope('metrics')('GET', '/jobs')).field('jobs')).toEqual([]);
    expect((await withScope('jobs')('GET', path)).status).toBe(200);
    const listed = (await run('GET', '/jobs')).field('jobs');
    expect(listed).toEqual([expect.objectContaining({ token: 'only-exec', operation: 'container.exec' })]);
    expect((await run('DELETE', path)).field('job.status')).toBe('cancelled');
  });

  test('a stream ends when its reader’s token is revoked', async () => {
    const { text: bearer } = await token('create', 'reader', '--scopes', 'exec');
    const reader = as(service.call, bearer);
    await until(async () => (await reader('GET', '/jobs')).status === 200);
    const { headers } = await reader('POST', `/containers/${container}/exec`, { command: 'sleep 61' }, { Prefer: 'respond-async' });
    const path = headers.get('Location') ?? '';
    const response = await fetch(`${service.url}${path}/output`, { headers: { Authorization: `Bearer ${bearer}` } });
    await token('revoke', 'reader');
    await response.text();
    const admin = withScope('admin');
    expect((await admin('GET', path.replace('/api/v1', ''))).field('job.status')).toBe('running');
    expect((await admin('DELETE', path.replace('/api/v1', ''))).status).toBe(200);
  });

  test('two tokens may use the same Idempotency-Key', async () => {
    const key = { 'Idempotency-Key': 'same' };
    const [one, other] = await Promise.all(
      ['exec', 'admin'].map(scope => withScope(scope)('POST', `/containers/${container}/exec`, { command: 'id' }, key)),
    );
    expect(one?.field('job_id')).not.toBe(other?.field('job_id'));
  });

  test('each change is a line of the audit log, and so is a try at one', async () => {
    const name = ownName();
    const id = 'audit-1';
    await withScope('containers:write')('POST', '/containers', { image: images.plain, name, command: 'sleep 60' }, { 'X-Request-Id': id });
    await withScope('containers:read')('DELETE', `/containers/${name}`, undefined, { 'X-Request-Id': id });
    await withScope('containers:write')('GET', `/containers/${name}`, undefined, { 'X-Request-Id': id });
    await withScope('containers:write')('DELETE', `/containers/${name}?force=true`, undefined, { 'X-Request-Id': id });
    const lines = audited().filter(line => line['request_id'] === id);
    expect(lines).toMatchObject([
      { operation: 'container.create', outcome: 'succeeded', token: 'only-containers-write', container: name },
      { operation: 'container.remove', outcome: 'refused', token: 'only-containers-read', container: name },
      { operation: 'container.remove', outcome: 'succeeded', token: 'only-containers-write', container: name },
    ]);
    expect(lines[0]).toMatchObject({ time: expect.any(String), node: service.env['NODE_NAME'], duration_ms: expect.any(Number) });
    const cancelled = audited().filter(line => line['outcome'] === 'cancelled' || line['operation'] === 'job.cancel');
    expect(cancelled).toMatchObject([
      { operation: 'job.cancel', outcome: 'refused', token: 'only-metrics' },
      { operation: 'job.cancel', outcome: 'asked', token: 'only-exec' },
      { operation: 'container.exec', outcome: 'cancelled', token: 'only-exec' },
      { operation: 'job.cancel', outcome: 'asked', token: 'only-admin' },
      { operation: 'container.exec', outcome: 'cancelled', token: 'reader' },
    ]);
    const dry = { image: images.plain, name: ownName() };
    expect((await withScope('containers:write')('POST', '/containers?dry_run=true', dry)).status).toBe(200);
    expect(audited().filter(line => line['container'] === dry.name)).toEqual([]);
    expect(audited()[0]).toMatchObject({ operation: 'token.create', subject: 'short-lived', outcome: 'succeeded' });
  });
});

test('a process that wanted a token goes on to want one when the file is gone; without one only loopback is served', async () => {
  rmSync(files.API_TOKENS_FILE);
  await until(async () => !statSync(files.API_TOKENS_FILE, { throwIfNoEntry: false }));
  expect((await service.call('GET', '/containers')).status).toBe(401);
  const open = startApp('api', { ...service.env, HOST: '0.0.0.0' });
  expect(await open.ended).toBe(1);
  expect(open.output()).toContain('HOST="0.0.0.0" is no loopback address: make a token first');
});

test('RATE_LIMIT holds for all API processes together, and tells how much is left', async () => {
  const env = { ...service.env, RATE_LIMIT: '5', API_TOKENS_FILE: join(folder, 'none.json') };
  const [one, other] = [await startApi(env), await startApi(env)];
  const answers = [];
  for (const { url } of [one, other, one, other, one, other]) answers.push(await caller(url)('GET', '/jobs'));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429]);
  expect(answers[0]?.headers.get('RateLimit-Policy')).toBe('"default";q=5;w=60');
  expect(answers[0]?.headers.get('RateLimit')).toMatch(/^"default";r=4;t=\d+$/);
  expect(answers[5]?.body).toMatchObject({ error: { type: 'RateLimitError', code: 429 } });
  expect(Number(answers[5]?.headers.get('Retry-After'))).toBeGreaterThan(0);
  expect((await other.call('GET', '/health')).status).toBe(200);
  await Promise.all([one.api.end(), other.api.end()]);
});
