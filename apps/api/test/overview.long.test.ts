import { images, type Service, startApi, startService, until } from '@podman-api/testing';
import { type OpenPage, openPage } from '@podman-api/testing/browser';
import { uniqueContainerName } from '@podman-api/testing/containers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createToken } from '../src/tokens/commands.ts';
import { createContainer, failJob } from './overview/make-jobs.ts';
import { evaluate, hasRow, sendToken, textOf, waitForRow } from './overview/page-actions.ts';
import { startRelay } from './overview/relay.ts';
import { expectNoProblems } from './pages/expect-page.ts';

let service: Service;
let container: string;
beforeAll(async () => {
  service = await startService({ NODE_LABELS: 'zone=b' });
  container = await createContainer(service);
  await failJob(service, container);
});
afterAll(() => service.stop());

/** The page refreshes itself every two seconds, which would be most of the time of these tests. */
const clockSpeed = 4;
const openOverview = (url = service.url) => openPage(`${url}/`, { clockSpeed });

/** Counts the page's requests whose path ends in a string from now on. */
function countRequests({ page }: OpenPage, end = ''): () => number {
  let count = 0;
  page.on('request', request => {
    if (new URL(request.url()).pathname.endsWith(end)) count += 1;
  });
  return () => count;
}

describe('overview page', () => {
  it('shows since when the API does not answer, and continues when it answers again', async () => {
    const relay = await startRelay(service.url);
    const overview = await openOverview(relay.url);
    await waitForRow(overview, 'containers', container);
    relay.interrupt();
    await until(async () => /^The API has not responded since \d\d:\d\d:\d\d\.$/.test(await textOf(overview, '#status')));
    // The last data stay visible, which helps to investigate the outage.
    expect(await hasRow(overview, 'containers', [container])).toBe(true);
    relay.resume();
    await until(async () => /^(Healthy|Degraded)/.test(await textOf(overview, '#status')));
  });

  it('shows the log of a container and what it uses, and follows both while the dialog is open', async () => {
    const name = uniqueContainerName();
    const command = 'echo "first <b>line</b>"; until [ -e /go ]; do sleep 0.1; done; echo second line; exec sleep 600';
    await service.call('POST', '/containers', { image: images.busybox, name, command: ['sh', '-c', command] });
    const overview = await openOverview();
    await waitForRow(overview, 'containers', name, 'running');
    await evaluate(overview, `[...document.querySelectorAll('#containers th a')].find(link => link.innerText === '${name}').click()`);
    await overview.page.waitForSelector('#container[open]');
    expect(await textOf(overview, '#container h2')).toBe(name);
    await until(async () => (await textOf(overview, '#container pre')) === 'first <b>line</b>\n');
    await until(async () => /^CPU [\d.]+ %, memory \d+ MiB.*, \d+ process/.test(await textOf(overview, '#container .usage')));
    await service.call('POST', `/containers/${name}/files`, { dest_path: '/go', content: '' });
    await until(async () => (await textOf(overview, '#container pre')).endsWith('second line\n'));
    await expectNoProblems(overview, service.url);

    await overview.page.keyboard.press('Escape');
    await overview.page.waitForSelector('#container:not([open])');
    const logRequests = countRequests(overview, '/logs');
    const looks = countRequests(overview, '/health');
    await until(() => looks() >= 2);
    expect(logRequests()).toBe(0);
  });

  it('makes no requests while it is hidden', async () => {
    const hidden = await openPage(`${service.url}/`, { clockSpeed, isAlwaysFocused: false });
    const visible = await openOverview();
    const [requests, visibleLooks] = [countRequests(hidden), countRequests(visible, '/health')];
    const front = await hidden.page.browserContext().newPage();
    await front.bringToFront();
    await hidden.page.waitForFunction('document.hidden');
    // A round that was under way when it was hidden may still end: wait for two rounds of the other page without a request.
    await until(async () => {
      const [before, looks] = [requests(), visibleLooks()];
      await until(() => visibleLooks() >= looks + 2);
      return requests() === before;
    });
    const before = requests();
    await hidden.page.bringToFront();
    await until(() => requests() > before);
  });

  it('plots the jobs that have ended', async () => {
    const overview = await openOverview();
    await until(async () => /No figures yet\.|ended/.test(await textOf(overview, '#throughput figcaption')));
    // Jobs that ended before the start of the first slice of ten seconds are in no slice.
    await until(async () => (await textOf(overview, '#throughput figcaption')) !== 'No figures yet.');
    await service.call('POST', `/containers/${container}/exec`, { command: 'true' });
    await until(async () => /[1-9]\d* jobs? ended/.test(await textOf(overview, '#throughput figcaption')));
    await until(async () => /at most \d+/.test(await textOf(overview, '#latency figcaption')));
    for (const line of ['#throughput path.first', '#latency path.first', '#latency path.second']) {
      expect(await evaluate(overview, `document.querySelector('${line}').getAttribute('d')`)).toMatch(/^M[\d.]+ [\d.]+/);
    }
    await expectNoProblems(overview, service.url);
  });
});

describe('overview page with tokens', () => {
  let url: string;
  let containersToken: string;
  let fullToken: string;
  beforeAll(async () => {
    // A separate API process, so that the other tests continue without tokens.
    const file = String(service.env['API_TOKENS_FILE']).replace('tokens', 'own-tokens');
    const token = (name: string, scopes: string) => createToken(file, { write: () => {} }, name, { scopes });
    containersToken = token('some', 'containers:read');
    fullToken = token('all', 'containers:read,jobs,nodes,metrics');
    const started = await startApi({ ...service.env, API_TOKENS_FILE: file });
    ({ url } = started);
    return async () => {
      await started.api.end();
    };
  });

  it('asks for a token and rejects a wrong one', async () => {
    const overview = await openOverview(url);
    const asked = new Set<string>();
    overview.page.on('request', request => asked.add(new URL(request.url()).pathname));
    await overview.page.waitForSelector('#token input:focus');
    expect(await evaluate(overview, 'document.activeElement.type')).toBe('password');
    await sendToken(overview, 'podman_api_wrong');
    await until(async () => (await textOf(overview, '#token .note')) === 'This token is unknown, revoked or expired.');
    expect([...asked].filter(path => path.startsWith('/api/'))).toEqual(['/api/v1/health']);
    await expectNoProblems(overview, url);
  });

  it('forgets a token on request, and loads everything again with the next one', async () => {
    const overview = await openOverview(url);
    await sendToken(overview, fullToken);
    await waitForRow(overview, 'containers', container);
    await overview.page.click('#forget');
    await overview.page.waitForSelector('#token input', { visible: true });
    expect(await evaluate(overview, "[sessionStorage.length, document.querySelector('#parts').hidden]")).toBe('0,true');
    await sendToken(overview, fullToken);
    await overview.page.waitForSelector('#parts', { visible: true });
    expect(await hasRow(overview, 'containers', [container])).toBe(true);
  });

  it('names the scopes that a token lacks, and requests what they allow only once', async () => {
    const overview = await openOverview(url);
    const refused: string[] = [];
    overview.page.on('response', response => {
      if (response.status() === 403) refused.push(new URL(response.url()).pathname);
    });
    const rounds = countRequests(overview, '/health');
    await sendToken(overview, containersToken);
    await waitForRow(overview, 'containers', container);
    await until(
      async () =>
        (await textOf(overview, '#nodes .note')) ===
        'Not shown: The token some lacks the scope nodes, which this request needs: create another token with it.',
    );
    await until(async () => (await textOf(overview, '#figures .note')).includes('lacks the scope metrics,'));
    expect(await textOf(overview, '#others')).toContain('unless it has the scope jobs');
    const before = rounds();
    await until(() => rounds() > before + 1);
    expect(refused.sort()).toEqual(['/api/v1/metrics', '/api/v1/nodes']);
  });
});
