import { readFileSync } from 'node:fs';
import { sharedService } from '@podman-api/testing';
import { describe, expect, it } from 'vitest';

const { url } = sharedService();

// The page itself is opened in `npm run test:all`: to show all operations and try one takes about 30 s of CPU time.
describe('docs page', () => {
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
        ['vary', 'Origin, Accept-Encoding'],
      ]),
    );
    expect(await response.text()).toBe(readFileSync(new URL('../../../docs/openapi.json', import.meta.url), 'utf8'));
  });
});
