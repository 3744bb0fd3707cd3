import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { images, startApi, startApp, type TestApi, testPodman, until } from '@podman-api/testing';
import { ownName } from '@podman-api/testing/containers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTokenService, type TokenService, withToken } from './tokens/token-service.ts';

let tokens: TokenService;
/** Another API process of the same service. */
let second: TestApi;
beforeAll(async () => {
  tokens = await startTokenService();
  second = await startApi(tokens.service.env);
});
afterAll(async () => {
  await second.api.end();
  await tokens.stop();
});

describe('npm run token', () => {
  // Steps: no token is needed; the first one is made, and needed from then on; it is revoked.
  it('creates and revokes a token that every API process notices', async () => {
    const { service, runToken, tokensFile } = tokens;
    const awaitStatus = (token: string, status: number) =>
      Promise.all(
        [service.call, second.call].map(call => until(async () => (await withToken(call, token)('GET', '/containers')).status === status)),
      );
    expect((await service.call('GET', '/containers')).status).toBe(200);
    const { text: token } = await runToken('create', 'short-lived', '--scopes', 'containers:read', '--expires', '1d');
    expect(token).toMatch(/^podman_api_[\w-]{43}$/);
    const stored = readFileSync(tokensFile, 'utf8');
    expect(stored).not.toContain(token.slice(11));
    expect(statSync(tokensFile).mode & 0o777).toBe(0o600);
    expect((await runToken('list')).text).toContain('short-lived  containers:read');
    await awaitStatus('', 401);
    await awaitStatus(token, 200);

    expect(await runToken('revoke', 'short-lived')).toEqual({ code: 0, text: 'The token short-lived was revoked.' });
    await awaitStatus(token, 401);
    expect((await runToken('revoke', 'short-lived')).code).toBe(1);
    // The worker writes there too, when it removes expired containers.
    const audited =
      readFileSync(join(tokens.folder, 'audit.log'), 'utf8')
        .split('\n')
        .find(line => line.includes('token.create')) ?? '{}';
    expect(JSON.parse(audited)).toMatchObject({ operation: 'token.create', subject: 'short-lived', outcome: 'succeeded' });
  });

  it('prints one line for a wrong command and creates nothing', async () => {
    const before = readFileSync(tokens.tokensFile, 'utf8');
    const wrong: [string[], RegExp][] = [
      [['create', 'x', '--scopes', 'root'], /^--scopes must be some of/],
      [['create', 'x y', '--scopes', 'exec'], /^The name must be 1 to 64/],
      [['create', 'x', '--scopes', 'exec', '--expires', 'soon'], /^--expires must be/],
      [['create', 'x', '--scopes', 'exec', '--max-memory', 'much'], /^--max-memory="much" is not allowed: it must be/],
      [['frob'], /^Usage: npm run token/],
    ];
    const answers = await Promise.all(wrong.map(([args]) => tokens.runToken(...args)));
    expect(answers.map(({ text }) => text)).toEqual(wrong.map(([, words]) => expect.stringMatching(words)));
    expect(readFileSync(tokens.tokensFile, 'utf8')).toBe(before);
  });
});

describe('a request', () => {
  it('without a valid token returns 401', async () => {
    const { service, createCaller } = tokens;
    await createCaller('any', 'containers:read');
    const refused = await service.call('GET', '/containers');
    expect(refused.headers.get('WWW-Authenticate')).toBe('Bearer');
    expect(refused.body).toMatchObject({ error: { type: 'UnauthorizedError', code: 401 } });
    expect((await withToken(service.call, 'podman_api_x')('GET', '/containers')).status).toBe(401);
    expect((await service.call('GET', '/no-such-route')).status).toBe(401);
  });

  it('of health without a valid token returns no warnings', async () => {
    const { service, createCaller } = tokens;
    const caller = await createCaller('health', 'containers:read');
    const status = expect.stringMatching(/^(healthy|degraded)$/);
    const health = { success: true, status, podman: 'connected', timestamp: expect.any(String) };
    expect((await service.call('GET', '/health')).body).toEqual(health);
    expect((await withToken(service.call, 'podman_api_x')('GET', '/health')).body).toEqual(health);
    expect((await caller('GET', '/health')).body).toEqual({ ...health, warnings: expect.any(Array) });
  });

  it('with an expired token returns 401', async () => {
    const { createCaller, tokensFile } = tokens;
    const caller = await createCaller('expiring', 'admin');
    const kept: { tokens: { name: string; expires_at: string | null }[] } = JSON.parse(readFileSync(tokensFile, 'utf8'));
    const expires_at = new Date(Date.now() + 700).toISOString();
    const changed = kept.tokens.map(entry => (entry.name === 'expiring' ? { ...entry, expires_at } : entry));
    // All tokens are refused while the file is incomplete.
    writeFileSync(`${tokensFile}.next`, JSON.stringify({ tokens: changed }));
    renameSync(`${tokensFile}.next`, tokensFile);
    await until(async () => (await caller('GET', '/jobs')).status === 401);
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(expires_at));
  });

  it('without a token returns 401 also after the file of tokens is gone', async () => {
    const { service, createCaller, tokensFile } = tokens;
    const caller = await createCaller('last', 'admin');
    rmSync(tokensFile);
    // The API process has noticed it once it accepts no token any more.
    await until(async () => (await caller('GET', '/jobs')).status === 401);
    expect((await service.call('GET', '/containers')).status).toBe(401);
  });
});

describe('the quotas of a token', () => {
  const run = { image: images.busybox, command: 'sleep 300', memory: '32m', network: 'none' };

  // Steps: a token is made with quotas; its one container is created; nothing more is allowed until the container is removed,
  // by the API or by another program.
  it('hold in all API processes, and count each container until it is removed', async () => {
    const { service, runToken } = tokens;
    const quotas = ['--max-containers', '1', '--max-memory', '64m', '--max-cpus', '0.5', '--max-running-jobs', '3', '--max-ttl', '1h'];
    const { text: token } = await runToken('create', 'limited', '--scopes', 'containers:write', ...quotas);
    const [call, other] = [withToken(service.call, token), withToken(second.call, token)];
    await until(async () => (await other('GET', '/tokens/self')).status === 200);
    await until(async () => (await call('GET', '/tokens/self')).status === 200);
    const usage = async () => (await other('GET', '/tokens/self')).field('token.usage');
    const nothing = { containers: 0, memory: 0, cpus: 0 };
    expect((await call('GET', '/tokens/self')).body).toMatchObject({
      token: {
        name: 'limited',
        scopes: ['containers:write'],
        expires_at: null,
        quotas: { max_containers: 1, max_memory: 67_108_864, max_cpus: 0.5, max_running_jobs: 3, max_ttl: 3600 },
        usage: { ...nothing, running_jobs: 0 },
      },
    });
    const unlimited = await call('POST', '/containers', { ...run, name: ownName() });
    expect(unlimited.body).toMatchObject({ error: { type: 'ForbiddenError', details: [{ path: 'cpus', message: expect.any(String) }] } });

    const name = ownName();
    const startedAt = Date.now();
    const created = await call('POST', '/containers', { ...run, cpus: 0.25, name, ttl: 86_400 });
    expect(created.status).toBe(201);
    expect(await usage()).toMatchObject({ containers: 1, memory: 33_554_432, cpus: 0.25 });
    const listed = (await call('GET', `/containers?name=${name}`)).field('containers.0.expires_at');
    expect(Date.parse(String(listed)) - startedAt).toBeLessThan(3_700_000);
    const refused = await other('POST', '/containers', { ...run, cpus: 0.25, name: ownName() });
    expect([refused.status, refused.field('error.message')]).toEqual([403, expect.stringContaining('The quota max_containers=1 of')]);
    expect((await other('POST', '/containers?dry_run=true', { ...run, cpus: 0.25, name: ownName() })).status).toBe(200);
    expect((await call('DELETE', `/containers/${name}?force=true`)).status).toBe(200);
    expect(await usage()).toMatchObject(nothing);

    // The container of a run counts while the run lasts.
    const ran = await call('POST', '/runs', { ...run, cpus: 0.25, command: ['echo', 'one'] });
    expect([ran.status, ran.field('run.stdout')]).toEqual([200, 'one\n']);
    expect((await call('POST', '/runs', { ...run, command: ['echo', 'one'] })).status).toBe(403);
    const batch = await call('POST', '/runs/batch', { runs: [{ ...run, command: ['echo', 'one'] }] });
    expect(batch.body).toMatchObject({ error: { type: 'ForbiddenError', details: [{ path: 'cpus' }] } });
    expect(await usage()).toMatchObject(nothing);

    const failed = await other('POST', '/containers', { ...run, cpus: 0.25, name: ownName(), image: 'localhost/podman-api/none' });
    expect(failed.status).toBe(404);
    // The reservations of an ended job are released just after its response.
    const hasReleased = async () => JSON.stringify(await usage()) === JSON.stringify({ ...nothing, running_jobs: 0 });
    await until(hasReleased);
    const removed = ownName();
    expect((await other('POST', '/containers', { ...run, cpus: 0.25, name: removed })).status).toBe(201);
    await testPodman().run(['rm', '--force', '--time=0', '--', removed]);
    await until(hasReleased);
  });
});

describe('HOST', () => {
  it('must be a loopback address while there are no tokens', async () => {
    const env = { ...tokens.service.env, API_TOKENS_FILE: join(tokens.folder, 'none.json') };
    const open = startApp('api', { ...env, HOST: '0.0.0.0' });
    expect(await open.ended).toBe(1);
    expect(open.output()).toContain('HOST="0.0.0.0" is not a loopback address: create a token first');
  });
});

describe('RATE_LIMIT', () => {
  it('counts the requests of all API processes together and reports how many are left', async () => {
    const env = { ...tokens.service.env, RATE_LIMIT: '6', API_TOKENS_FILE: join(tokens.folder, 'none.json') };
    const [one, other] = await Promise.all([startApi(env), startApi(env)]);
    const answers = [];
    // A batch counts each of its runs, and nothing more if it is refused for that.
    const batch = await one.call('POST', '/runs/batch', { runs: Array(7).fill({ image: 'x' }) });
    expect(batch).toMatchObject({
      status: 429,
      body: { error: { message: expect.stringMatching(/^The request counts as 7 requests: RATE_LIMIT allows 6/) } },
    });
    for (const { call } of [one, other, one, other, one, other]) answers.push(await call('GET', '/jobs'));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429]);
    expect(answers[0]?.headers.get('RateLimit-Policy')).toBe('"default";q=6;w=60');
    expect(answers[0]?.headers.get('RateLimit')).toMatch(/^"default";r=4;t=\d+$/);
    expect(answers[5]?.body).toMatchObject({ error: { type: 'RateLimitError', code: 429 } });
    expect(Number(answers[5]?.headers.get('Retry-After'))).toBeGreaterThan(0);
    expect((await other.call('GET', '/health')).status).toBe(200);
    await Promise.all([one.api.end(), other.api.end()]);
  });
});
