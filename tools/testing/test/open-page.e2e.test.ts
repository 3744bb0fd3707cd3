import { once } from 'node:events';
import { createServer } from 'node:http';
import { images, testPodman } from '@podman-api/testing';
import { openPage } from '@podman-api/testing/browser';
import { startContainer } from '@podman-api/testing/containers';
import { describe, expect, it, onTestFinished } from 'vitest';

/** Starts a site with an empty page at every path, which is sent slowly enough for requests to queue. @returns its port */
async function startSite(): Promise<number> {
  const server = createServer((_request, response) => {
    setTimeout(() => response.setHeader('Content-Type', 'text/html').end('<!doctype html>'), 20);
  });
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the site has no port');
  return address.port;
}

const fetchTwentyTimes = "Promise.all([...Array(20).keys()].map(at => fetch('/' + at).then(({ status }) => status)))";

describe('openPage', () => {
  it('opens a page whose requests succeed while addresses of network interfaces change', async () => {
    const { page, problems } = await openPage(`http://127.0.0.1:${await startSite()}/`);
    let isChanging = true;
    // A container on podman's bridge network has an interface on the host.
    const changes = (async () => {
      for (let round = 0; round < 3; round += 1) {
        const name = await startContainer(images.plain);
        await testPodman().run(['rm', '--force', '--time=0', '--', name]);
      }
    })().finally(() => {
      isChanging = false;
    });
    while (isChanging) expect(await page.evaluate(fetchTwentyTimes)).toEqual(Array(20).fill(200));
    await changes;
    expect(problems).toEqual([]);
  });

  it('resolves every name under .example to this host', async () => {
    const port = await startSite();
    const { page } = await openPage(`http://some.name.example:${port}/`);
    expect(await page.evaluate('location.host')).toBe(`some.name.example:${port}`);
  });

  it.each(['http://192.0.2.1/', 'http://other.test/'])('cannot reach %s', async other => {
    await expect(openPage(other)).rejects.toThrow('net::ERR_SOCKS_CONNECTION_FAILED');
  });

  it('shares no storage with another page', async () => {
    const url = `http://127.0.0.1:${await startSite()}/`;
    const [one, other] = [await openPage(url), await openPage(url)];
    await one.page.evaluate("localStorage.setItem('key', 'value'); document.cookie = 'key=value'");
    expect(await other.page.evaluate('[localStorage.length, document.cookie]')).toEqual([0, '']);
  });

  it('reports warnings, exceptions and failed requests of a page', async () => {
    const open = await openPage(`http://127.0.0.1:${await startSite()}/`);
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
