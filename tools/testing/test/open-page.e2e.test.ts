import { openPage } from '@podman-api/testing/browser';
import { describe, expect, it } from 'vitest';
import { startEmptySite } from './empty-site.ts';

describe('openPage', () => {
  it('resolves every name under .example to this host', async () => {
    const port = await startEmptySite();
    const { page } = await openPage(`http://some.name.example:${port}/`);
    expect(await page.evaluate('location.host')).toBe(`some.name.example:${port}`);
  });

  it.each(['http://192.0.2.1/', 'http://other.test/'])('cannot reach %s', async other => {
    await expect(openPage(other)).rejects.toThrow('net::ERR_SOCKS_CONNECTION_FAILED');
  });

  it('shares no storage with another page', async () => {
    const url = `http://127.0.0.1:${await startEmptySite()}/`;
    const [one, other] = [await openPage(url), await openPage(url)];
    await one.page.evaluate("localStorage.setItem('key', 'value'); document.cookie = 'key=value'");
    expect(await other.page.evaluate('[localStorage.length, document.cookie]')).toEqual([0, '']);
  });

  it('reports warnings, exceptions and failed requests of a page', async () => {
    const open = await openPage(`http://127.0.0.1:${await startEmptySite()}/`);
    await open.page.evaluate("console.warn('a warning'); setTimeout(() => { throw new Error('an exception'); })");
    await open.page.evaluate("fetch('http://192.0.2.1/').catch(() => {})");
    await open.page.waitForNetworkIdle();
    for (const text of ['a warning', 'an exception', 'http://192.0.2.1/: net::ERR_SOCKS_CONNECTION_FAILED']) {
      expect(
        open.problems.some(problem => problem.includes(text)),
        text,
      ).toBe(true);
    }
  });
});
