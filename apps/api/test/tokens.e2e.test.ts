import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startApi, startApp, until } from '@podman-api/testing';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { testAuditLog, testTickets } from './tokens/audit-tests.ts';
import { testQuotas } from './tokens/quota-tests.ts';
import { testScopes } from './tokens/scope-tests.ts';
import { useSharedTokens } from './tokens/shared-tokens.ts';
import { withToken } from './tokens/token-service.ts';

const shared = useSharedTokens();

describe('npm run token', () => {
  // Steps: no token is needed; the first one is made, and needed from then on; it is revoked.
  it('creates and revokes a token that every API process notices', async () => {
    const { service, runToken, tokensFile } = shared.tokens;
    const awaitStatus = (token: string, status: number) =>
      Promise.all(
        [service.call, shared.second.call].map(call =>
          until(async () => (await withToken(call, token)('GET', '/containers')).status === status),
        ),
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
      readFileSync(join(shared.tokens.folder, 'audit.log'), 'utf8')
        .split('\n')
        .find(line => line.includes('token.create')) ?? '{}';
    expect(JSON.parse(audited)).toMatchObject({ operation: 'token.create', subject: 'short-lived', outcome: 'succeeded' });
  });

  it('prints one line for a wrong command and creates nothing', async () => {
    const before = readFileSync(shared.tokens.tokensFile, 'utf8');
    const wrong: [string[], RegExp][] = [
      [['create', 'x', '--scopes', 'exec', '--max-memory', 'much'], /^--max-memory="much" is not allowed: it must be/],
      [['frob'], /^Usage: npm run token/],
    ];
    const responses = await Promise.all(wrong.map(([args]) => shared.tokens.runToken(...args)));
    expect(responses.map(({ text }) => text)).toEqual(wrong.map(([, words]) => expect.stringMatching(words)));
    expect(readFileSync(shared.tokens.tokensFile, 'utf8')).toBe(before);
  });
});

describe('a request', () => {
  it('without a valid token returns 401', async () => {
    const { service, createCaller } = shared.tokens;
    await createCaller('any', 'containers:read');
    const refused = await service.call('GET', '/containers');
    expect(refused.headers.get('WWW-Authenticate')).toBe('Bearer');
    expect(refused.body).toMatchObject({ error: { type: 'UnauthorizedError', code: 401 } });
    expect((await withToken(service.call, 'podman_api_x')('GET', '/containers')).status).toBe(401);
    expect((await service.call('GET', '/no-such-route')).status).toBe(401);
  });

  it('of health without a valid token returns no warnings', async () => {
    const { service, createCaller } = shared.tokens;
    const caller = await createCaller('health', 'containers:read');
    const status = expect.stringMatching(/^(healthy|degraded)$/);
    const health = { success: true, status, podman: 'connected', timestamp: expect.any(String) };
    expect((await service.call('GET', '/health')).body).toEqual(health);
    expect((await withToken(service.call, 'podman_api_x')('GET', '/health')).body).toEqual(health);
    expect((await caller('GET', '/health')).body).toEqual({ ...health, warnings: expect.any(Array) });
  });

  it('with an expired token returns 401', async () => {
    const { createCaller, tokensFile } = shared.tokens;
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
    const { service, createCaller, tokensFile } = shared.tokens;
    const caller = await createCaller('last', 'admin');
    rmSync(tokensFile);
    // The API process has noticed it once it accepts no token any more.
    await until(async () => (await caller('GET', '/jobs')).status === 401);
    expect((await service.call('GET', '/containers')).status).toBe(401);
  });
});

testQuotas(shared);

describe('HOST', () => {
  it('must be a loopback address while there are no tokens', async () => {
    const env = { ...shared.tokens.service.env, API_TOKENS_FILE: join(shared.tokens.folder, 'none.json') };
    const open = startApp('api', { ...env, HOST: '0.0.0.0' });
    expect(await open.ended).toBe(1);
    expect(open.output()).toContain('HOST="0.0.0.0" is not a loopback address: create a token first');
  });
});

describe('RATE_LIMIT', () => {
  it('counts the requests of all API processes together and reports how many are left', async () => {
    const { tokens, second } = shared;
    const { text: token } = await tokens.runToken('create', 'rate-limited', '--scopes', 'admin');
    const limited = await startApi({ ...tokens.service.env, RATE_LIMIT: '6' });
    onTestFinished(async () => void (await limited.api.end()));
    const [call, other] = [withToken(limited.call, token), withToken(second.call, token)];
    // Only a valid token is shown the warnings, and requests of health do not count.
    await until(async () => Array.isArray((await other('GET', '/health')).field('warnings')));
    // A batch counts each of its runs, and nothing more if it is refused for that.
    const batch = await call('POST', '/runs/batch', { runs: Array(7).fill({ image: 'x' }) });
    expect(batch).toMatchObject({
      status: 429,
      body: { error: { message: expect.stringMatching(/^The request counts as 7 requests: RATE_LIMIT allows 6/) } },
    });
    const responses = [];
    for (const send of [call, other, call, other, call, call]) responses.push(await send('GET', '/jobs'));
    expect(responses.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429]);
    expect(responses[0]?.headers.get('RateLimit-Policy')).toBe('"default";q=6;w=60');
    expect(responses[0]?.headers.get('RateLimit')).toMatch(/^"default";r=4;t=\d+$/);
    expect(responses[5]?.body).toMatchObject({ error: { type: 'RateLimitError', code: 429 } });
    expect(Number(responses[5]?.headers.get('Retry-After'))).toBeGreaterThan(0);
    expect((await call('GET', '/health')).status).toBe(200);
  });
});

describe('a token of each scope', () => {
  beforeAll(() => shared.createScopeTokens());
  testScopes(shared);
  testTickets(shared);
  testAuditLog(shared);
});
