import { images, type Service, startService, until } from '@podman-api/testing';
import { openPage } from '@podman-api/testing/browser';
import { uniqueVolumeName } from '@podman-api/testing/containers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createToken } from '../src/tokens/commands.ts';
import { attack, blocked, expectNoEffect, prepareTargets, readJobs, statusOf, succeeded } from './browser/attack.ts';
import { type Site, startSite } from './browser/site.ts';
import { expectOverviewLayout } from './overview/expect-layout.ts';
import { createContainer, failJob, hostilePath, runJob } from './overview/make-jobs.ts';
import { evaluate, hasRow, sendToken, textOf, waitForRow } from './overview/page-actions.ts';
import { expectNoProblems } from './pages/expect-page.ts';
import { expectResourcesLayout, openResources, removeByRow, waitForNoRow, waitForText } from './resources/page-actions.ts';
import { connectTerminal, expectTerminalLayout, typeLine, waitForState } from './terminals/terminal-page.ts';

let service: Service;
let container: string;
/** A site of which only the pages under the name friend.example may use the API. */
let site: Site;
beforeAll(async () => {
  site = await startSite(() => service.url);
  service = await startService({ NODE_LABELS: 'zone=b', CORS_ORIGINS: `http://friend.example:${site.port}` });
  container = await createContainer(service);
  await failJob(service, container);
});
afterAll(async () => {
  await service.stop();
  await site.close();
});

/** The page refreshes itself every two seconds, which would be most of the time of these tests. */
const clockSpeed = 4;
const openOverview = () => openPage(`${service.url}/`, { clockSpeed });

describe('overview page', () => {
  // Opening a page takes seconds, so these checks share one.
  it('shows health and nodes, fits a phone, has no accessibility violations, and makes no HTML from text', async () => {
    const overview = await expectOverviewLayout(service.url, container, 360, 'dark');
    // On a busy machine the service may be degraded for a while.
    await until(async () => /^(Healthy|Degraded): /.test(await textOf(overview, '#status')));
    await waitForRow(overview, 'nodes', String(service.env['NODE_NAME']), 'ready', 'zone=b');
    await expectNoProblems(overview, service.url);
    await expect(overview.page.evaluate("document.body.innerHTML = 'text'")).rejects.toThrow('TrustedHTML');
  });

  it('adds and removes containers and jobs without a reload, and shows hostile strings as text', async () => {
    const node = String(service.env['NODE_NAME']);
    const oldContainer = await createContainer(service);
    const oldJob = await runJob(service, oldContainer);
    const overview = await openOverview();
    await waitForRow(overview, 'working', oldContainer);
    await waitForRow(overview, 'containers', oldContainer);
    await overview.page.evaluate('window.isSamePage = true');

    // All at once: the page lists containers rarely where a list takes long.
    const name = await createContainer(service);
    await failJob(service, name);
    await runJob(service, name);
    await service.call('DELETE', `/jobs/${oldJob}`);
    await service.call('DELETE', `/containers/${oldContainer}?force=true`);
    await waitForRow(overview, 'working', 'container.exec', 'running', name, node);
    await waitForRow(overview, 'failed', 'container.exec', 'failed', `has no directory ${hostilePath}`, name, node);
    await waitForRow(overview, 'containers', name, 'running', images.plain, node);
    await until(async () => !(await hasRow(overview, 'working', [oldContainer])));
    await until(async () => !(await hasRow(overview, 'containers', [oldContainer])));

    const state = await evaluate(overview, "[window.isSamePage, window.hurt, document.querySelectorAll('main img').length]");
    expect(state).toBe('true,,0');
    await expectNoProblems(overview, service.url);
  });

  it('can be used with the keyboard alone', async () => {
    const job = await failJob(service, container);
    const overview = await openOverview();
    const { keyboard } = overview.page;
    await overview.page.waitForSelector(`#failed a[href$="${job}"]`);
    const focusedHref = () => evaluate(overview, 'document.activeElement.href');
    const tabTo = (end: string) =>
      until(async () => {
        await keyboard.press('Tab');
        expect(await evaluate(overview, 'getComputedStyle(document.activeElement).outlineStyle')).toBe('solid');
        return (await focusedHref()).endsWith(end);
      });
    for (const link of ['/docs', '/queues', '/openapi.json', job]) await tabTo(link);
    await keyboard.press('Enter');
    await overview.page.waitForSelector('#job[open]');
    expect(JSON.parse(await textOf(overview, '#job pre'))).toMatchObject({ job: { id: job, error: { type: 'ValidationError' } } });
    await keyboard.press('Escape');
    expect(await evaluate(overview, "document.querySelector('#job').open")).toBe('false');
    // The tables are rendered again every two seconds; that must not move the focus.
    await runJob(service, container);
    await waitForRow(overview, 'working', container);
    expect(await focusedHref()).toMatch(new RegExp(`${job}$`));
    await expectNoProblems(overview, service.url);
  });

  it('is sent with a policy that allows no other origin', async () => {
    const policy = (await fetch(service.url)).headers.get('Content-Security-Policy');
    expect(policy).toMatch(/^default-src 'none'; script-src 'self'; .*; style-src 'self'; require-trusted-types-for 'script'$/);
  });
});

// Opening a page takes seconds, so its layout is checked together with what it does.
describe('resources page', () => {
  it('lists what the nodes have, removes a volume after a question that names it, and fits a phone', async () => {
    const [name, node] = [uniqueVolumeName(), String(service.env['NODE_NAME'])];
    expect((await service.call('POST', '/volumes', { name })).status).toBe(201);
    const opened = await openResources(service.url, { width: 360, colorScheme: 'dark' });
    await waitForRow(opened, 'volumes', name, 'no', node);
    await waitForRow(opened, 'networks', 'podman', 'yes', node);
    await waitForRow(opened, 'images', images.plain, 'MB', 'yes', node);
    await expectResourcesLayout(opened, 360);
    expect(await removeByRow(opened, 'volumes', name)).toBe(
      `Remove the volume ${name} from the node ${node}? Its contents are removed too.`,
    );
    await waitForText(opened, '#volumes .result', `Removed the volume ${name} from the node ${node}.`);
    await waitForNoRow(opened, 'volumes', name);
    expect((await service.call('GET', `/volumes/${name}`)).status).toBe(404);
    await expectNoProblems(opened, service.url);
  });
});

describe('terminal page', () => {
  it('is linked from the overview, runs a command, shows its exit code, and fits a phone', async () => {
    const opened = await openPage(`${service.url}/`, { width: 360, colorScheme: 'dark' });
    await waitForRow(opened, 'containers', container);
    await Promise.all([opened.page.waitForNavigation(), opened.page.click(`#containers [aria-label="Open a terminal in ${container}"]`)]);
    await connectTerminal(opened);
    await expectTerminalLayout(opened, 360);
    await typeLine(opened, 'exit 3');
    await waitForState(opened, 'The command has ended with exit code 3.');
    await expectNoProblems(opened, service.url);
  });
});

describe('a page of another site', () => {
  it('reads nothing and changes nothing from another origin', async () => {
    const targets = await prepareTargets(service);
    const before = await readJobs(service);
    expect(await attack('http://evil.example', site, service.url, targets)).toEqual(blocked);
    await expectNoEffect(service, targets, before);
  });

  it('succeeds with fetch and EventSource from an origin in CORS_ORIGINS', async () => {
    const targets = await prepareTargets(service);
    const seen = await attack('http://friend.example', site, service.url, targets);
    expect(seen).toMatchObject({ ...succeeded, 'blind GET': 'opaque', image: 'error', script: 'error', socket: 'error' });
    expect(await statusOf(service, targets.victim)).toBe(404);
    expect(await statusOf(service, targets.name)).toBe('running');
  });
});

// Last, because it makes tokens, which are then required.
describe('overview page with tokens', () => {
  let token: string;
  beforeAll(async () => {
    const scopes = 'containers:read,jobs,nodes,metrics';
    token = createToken(String(service.env['API_TOKENS_FILE']), { write: () => {} }, 'all', { scopes });
    await until(async () => (await service.call('GET', '/jobs')).status === 401);
  });

  it('shows everything to a token with all scopes, and keeps it out of URLs, storage and cookies', async () => {
    const overview = await openOverview();
    const requested = new Set<string>();
    overview.page.on('request', request => requested.add(request.url()));
    await sendToken(overview, token);
    await waitForRow(overview, 'containers', container);
    await waitForRow(overview, 'nodes', 'ready');
    await waitForRow(overview, 'failed', container);
    await until(
      async () => (await evaluate(overview, "[...document.querySelectorAll('.note')].map(note => note.innerText).join('')")) === '',
    );
    expect([...requested].filter(address => address.includes(token))).toEqual([]);
    expect(await evaluate(overview, '[location.href, localStorage.length, document.cookie]')).toBe(`${service.url}/,0,`);
    await expectNoProblems(overview, service.url);
  });

  it('opens without a token, as the docs page and the API document do, and nothing else', async () => {
    const statusOf = async (path: string) => (await fetch(service.url + path)).status;
    const open = [
      '/',
      '/overview/main.js',
      '/shared/page.js',
      '/resources',
      '/terminal',
      '/terminal/xterm.js',
      '/docs',
      '/docs/',
      '/api/v1/openapi.json',
    ];
    expect(await Promise.all(open.map(statusOf))).toEqual(open.map(() => 200));
    const others = [
      '/overview',
      '/shared/types.d.ts',
      '/shared/header.html',
      '/terminal/xterm.d.ts',
      '/terminal/page.html',
      '/overview/../main.ts',
      '/docs/page.html',
      '/api/v1/nodes',
      '/api/v1/jobs',
    ];
    expect(await Promise.all(others.map(statusOf))).toEqual(others.map(() => 401));
  });
});
