import { readFileSync } from 'node:fs';
import { sharedContainer, sharedService } from '@podman-api/testing';
import { describe, expect, it } from 'vitest';
import { expectDocsLayout, openDocs, tryOut } from './docs/docs-page.ts';
import { keepPath } from './docs/keep-path.ts';

const { url } = sharedService();

describe('docs page', () => {
  // All operations are shown, and a create is tried, in `npm run test:all`: each takes half a minute.
  it('runs a command in a container, fits and is legible', async () => {
    const documentUrl = `${url}/api/v1/openapi.json`;
    const document = await (await fetch(documentUrl)).text();
    const jsonByUrl = { [documentUrl]: keepPath(document, '/api/v1/containers/{name}/exec') };
    const docs = await openDocs(url, { width: 1280, colorScheme: 'light', jsonByUrl });
    const body = { command: 'echo "<b>seen</b>"; exit 3' };
    expect(await tryOut(docs, 'containerExec', { name: sharedContainer('plain'), body })).toMatchObject({
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

describe('GET /openapi.json', () => {
  it('returns docs/openapi.json, compressed and with an ETag', async () => {
    const response = await fetch(`${url}/api/v1/openapi.json`);
    expect([...response.headers]).toEqual(
      expect.arrayContaining([
        ['content-encoding', 'gzip'],
        ['content-type', 'application/json; charset=utf-8'],
        ['etag', expect.stringMatching(/^".+"$/)],
      ]),
    );
    expect(await response.text()).toBe(readFileSync(new URL('../../../docs/openapi.json', import.meta.url), 'utf8'));
  });
});
