import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { images, sharedService, startApi } from '@podman-api/testing';
import { ownName } from '@podman-api/testing/containers';
import { beforeAll, describe, expect, it } from 'vitest';
import { createToken } from '../src/tokens/commands.ts';
import { expectDocsLayout, openDocs, tryOut, write } from './docs/docs-page.ts';

const { url, env } = sharedService();

describe('docs page', () => {
  it('creates a container and runs a command in it', async () => {
    const docs = await openDocs(url, { width: 1280, colours: 'light' });
    const name = ownName();
    expect(await tryOut(docs, 'containerCreate', { body: { image: images.plain, name, command: 'sleep 300' } })).toMatchObject({
      status: '201',
      answer: { success: true, container: { name, status: 'running' } },
    });
    expect(await tryOut(docs, 'containerExec', { name, body: { command: 'echo "<b>seen</b>"; exit 3' } })).toMatchObject({
      status: '200',
      answer: { execution: { exit_code: 3, stdout: '<b>seen</b>\n' } },
    });
    // Opening the page once more for this takes seconds.
    await expectDocsLayout(docs, url, 1280, 'light');
  });

  it('is sent compressed, with an ETag, and with a policy that allows no other origin', async () => {
    const page = await fetch(`${url}/docs/swagger-ui.js`);
    expect(page.headers.get('Content-Security-Policy')).toMatch(/^default-src 'none'; script-src 'self';/);
    expect(page.headers.get('Content-Encoding')).toBe('gzip');
    const tag = page.headers.get('ETag') ?? '';
    expect((await fetch(page.url, { headers: { 'If-None-Match': tag, 'Cache-Control': 'max-age=0' } })).status).toBe(304);
    expect(await (await fetch(page.url, { headers: { 'Accept-Encoding': 'identity' } })).text()).toBe(await page.text());
  });
});

describe('docs page with tokens', () => {
  let token: string;
  let urlWithTokens: string;
  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'podman-api-docs-'));
    const file = join(folder, 'tokens.json');
    token = createToken(file, { write: () => {} }, 'docs', { scopes: 'containers:read' });
    const started = await startApi({ ...env, API_TOKENS_FILE: file });
    urlWithTokens = started.url;
    return async () => {
      await started.api.end();
      rmSync(folder, { recursive: true });
    };
  });

  it('opens without a token and sends the one that is entered', async () => {
    const docs = await openDocs(urlWithTokens);
    expect(await tryOut(docs, 'containerList')).toMatchObject({ status: '401', answer: { error: { type: 'UnauthorizedError' } } });
    await docs.page.click('.authorize');
    await write(docs, '.auth-container input', token);
    await docs.page.click('.auth-btn-wrapper .authorize');
    await docs.page.click('.auth-btn-wrapper .btn-done');
    expect(await tryOut(docs, 'containerList')).toMatchObject({ status: '200', answer: { success: true } });
    // The token is not kept beyond the page.
    expect(await docs.page.evaluate('localStorage.length')).toBe(0);
  });

  it('opens without a token only the page and the document', async () => {
    const paths = ['/docs', '/docs/', '/api/v1/openapi.json', '/docs/page.html', '/api/v1/jobs'];
    const statuses = await Promise.all(paths.map(async path => (await fetch(urlWithTokens + path)).status));
    expect(statuses).toEqual([200, 200, 200, 401, 401]);
  });
});
