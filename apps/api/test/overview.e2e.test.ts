import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { images, type Service, startApi, startApp, startService, until } from '@podman-api/testing';
import { ownName } from '@podman-api/testing/containers';
import { type Visit, visit } from '@podman-api/testing/visit';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createToken } from '../src/tokens/commands.ts';
import { ask, hasRow, rowWith, sendToken, textOf } from './overview/person.ts';

/** What a careless page would run. */
const hostile = '/<img src=x onerror=hurt=1>';
let service: Service;
let container: string;
beforeAll(async () => {
  service = await startService({ NODE_LABELS: 'zone=b' });
  container = await createContainer();
  await fail(container);
});
afterAll(() => service.stop());

async function createContainer(): Promise<string> {
  const name = ownName();
  const { status } = await service.call('POST', '/containers', { image: images.plain, name, command: 'sleep 600' });
  expect(status).toBe(201);
  return name;
}

/** Makes a job that fails, and whose reason holds HTML. */
async function fail(name: string): Promise<string> {
  const { status, field } = await service.call('POST', `/containers/${name}/exec`, { command: 'true', work_dir: hostile });
  expect(status).toBe(400);
  return String(field('job_id'));
}

async function runLong(name: string): Promise<string> {
  const answer = await service.call('POST', `/containers/${name}/exec`, { command: 'sleep 300' }, { Prefer: 'respond-async' });
  const id = String(answer.field('job.id'));
  onTestFinished(async () => {
    await service.call('DELETE', `/jobs/${id}`);
  });
  return id;
}

/** @param url of an API process */
async function open(url = service.url, ...look: Parameters<typeof visit> extends [string, ...infer Rest] ? Rest : never): Promise<Visit> {
  const visited = await visit(`${url}/`, ...look);
  onTestFinished(() => visited.close());
  return visited;
}

function expectQuiet({ faults, origins }: Visit): void {
  expect(faults).toEqual([]);
  expect([...origins]).toEqual([service.url]);
}

test('a container appears, a job runs and one fails, without a reload; what is hostile in it stays text', async () => {
  const overview = await open();
  await overview.page.evaluate('window.same = true');
  expect(await textOf(overview, '#status')).toBe('Healthy: podman works on every node.');
  const node = String(service.env['NODE_NAME']);
  await rowWith(overview, 'nodes', node, 'ready', 'zone=b');

  const name = await createContainer();
  await rowWith(overview, 'containers', name, 'running', images.plain, node);
  const running = await runLong(name);
  await rowWith(overview, 'working', 'container.exec', 'running', name, node);
  await service.call('DELETE', `/jobs/${running}`);
  await until(async () => !(await hasRow(overview, 'working', [name])));
  await fail(name);
  await rowWith(overview, 'failed', 'container.exec', 'failed', `has no directory ${hostile}`, name, node);
  await service.call('DELETE', `/containers/${name}?force=true`);
  await until(async () => !(await hasRow(overview, 'containers', [name])));

  expect(await ask(overview, "[window.same, window.hurt, document.querySelectorAll('main img').length]")).toBe('true,,0');
  expectQuiet(overview);
});

test.each([
  [360, 'light'],
  [360, 'dark'],
  [1280, 'light'],
  [1280, 'dark'],
] as const)('it fits in %i px, in %s colours, and axe finds nothing to say', async (width, colours) => {
  const overview = await open(service.url, { width, colours });
  await rowWith(overview, 'failed', container);
  await rowWith(overview, 'containers', container);
  expect(Number(await ask(overview, 'document.scrollingElement.scrollWidth'))).toBeLessThanOrEqual(width);
  const back = await ask(overview, 'getComputedStyle(document.documentElement).backgroundColor');
  const [red = 0] = (back.match(/\d+/g) ?? []).map(Number);
  expect(red < 128).toBe(colours === 'dark');
  await overview.page.evaluate(readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8'));
  const found = await overview.page.evaluate(
    'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes.map(node => node.html)]))',
  );
  expect(found).toEqual([]);
  expectQuiet(overview);
});

test('everything can be reached and used by the keyboard', async () => {
  const job = await fail(container);
  const overview = await open();
  const { keyboard } = overview.page;
  await until(() => ask(overview, `document.querySelector('#failed a[href$="${job}"]') !== null`).then(there => there === 'true'));
  const focused = (what: string) => ask(overview, `document.activeElement.${what}`);
  const tabTo = (wanted: string) =>
    until(async () => {
      await keyboard.press('Tab');
      expect(await ask(overview, 'getComputedStyle(document.activeElement).outlineStyle')).toBe('solid');
      return (await focused('href')).endsWith(wanted);
    });
  for (const link of ['/docs', '/queues', '/openapi.json', job]) await tabTo(link);
  await keyboard.press('Enter');
  await until(() => ask(overview, "document.querySelector('#job').open").then(shown => shown === 'true'));
  expect(JSON.parse(await textOf(overview, '#job pre'))).toMatchObject({ job: { id: job, error: { type: 'ValidationError' } } });
  await keyboard.press('Escape');
  expect(await ask(overview, "document.querySelector('#job').open")).toBe('false');
  // What is shown anew each two seconds takes the focus from nobody.
  await runLong(container);
  await rowWith(overview, 'working', container);
  expect(await focused('href')).toMatch(new RegExp(`${job}$`));
  expectQuiet(overview);
});

test('it says since when the API is away, and goes on when it is back', async () => {
  const { api, url } = await startApi(service.env);
  const overview = await open(url);
  await api.end();
  await until(async () => /^The API does not answer since \d\d:\d\d:\d\d\.$/.test(await textOf(overview, '#status')));
  // What was known stays, for who looks after the outage needs it.
  await rowWith(overview, 'containers', container);
  const back = startApp('api', { ...service.env, PORT: new URL(url).port });
  onTestFinished(async () => {
    await back.end();
  });
  await until(async () => (await textOf(overview, '#status')).startsWith('Healthy'));
});

test('it asks for nothing while nobody sees it', async () => {
  const [unseen, other] = [await open(), await open()];
  const count = ({ page }: Visit) => {
    const asked: string[] = [];
    page.on('request', request => asked.push(request.url()));
    return () => asked.length;
  };
  const front = await unseen.page.browser().newPage();
  await front.bringToFront();
  await until(() => ask(unseen, 'document.hidden').then(hidden => hidden === 'true'));
  // A look that was under way ends.
  const [ofOther, of] = [count(other), count(unseen)];
  await until(() => ofOther() > 3);
  const settled = of();
  await until(() => ofOther() > 8);
  expect(of()).toBe(settled);
  await unseen.page.bringToFront();
  await until(() => of() > settled);
});

test('its headers let it load nothing from elsewhere, and make HTML of no text', async () => {
  const policy = (await fetch(service.url)).headers.get('Content-Security-Policy');
  expect(policy).toMatch(/^default-src 'none'; script-src 'self'; .*; style-src 'self'; require-trusted-types-for 'script'$/);
  const overview = await open();
  await expect(overview.page.evaluate("document.body.innerHTML = 'text'")).rejects.toThrow('TrustedHTML');
});

test('the plots have a point soon after a job has ended', async () => {
  const overview = await open();
  expect(await textOf(overview, '#throughput figcaption')).toMatch(/No figures yet\.|ended/);
  // What ended before the first slice began is in none.
  await until(async () => (await textOf(overview, '#throughput figcaption')) !== 'No figures yet.');
  await service.call('POST', `/containers/${container}/exec`, { command: 'true' });
  await until(async () => /[1-9]\d* jobs? ended/.test(await textOf(overview, '#throughput figcaption')));
  await until(async () => /at most \d+/.test(await textOf(overview, '#latency figcaption')));
  for (const line of ['#throughput path.first', '#latency path.first', '#latency path.second']) {
    expect(await ask(overview, `document.querySelector('${line}').getAttribute('d')`)).toMatch(/^M[\d.]+ [\d.]+/);
  }
  expectQuiet(overview);
}, 60_000);

describe('where there are tokens', () => {
  let url: string;
  let some: string;
  let all: string;
  beforeAll(async () => {
    // An API process of its own, so that the others go on without.
    const file = String(service.env['API_TOKENS_FILE']).replace('tokens', 'own-tokens');
    const token = (name: string, scopes: string) => createToken(file, { write: () => {} }, name, { scopes });
    some = token('some', 'containers:read');
    all = token('all', 'containers:read,jobs,nodes,metrics');
    const started = await startApi({ ...service.env, API_TOKENS_FILE: file });
    ({ url } = started);
    return async () => {
      await started.api.end();
    };
  });

  test('it asks for one, says when it is wrong, and forgets it when told', async () => {
    const overview = await open(url);
    const asked = new Set<string>();
    overview.page.on('request', request => asked.add(request.url()));
    expect(await ask(overview, 'document.activeElement.type')).toBe('password');
    await sendToken(overview, 'podman_api_wrong');
    await until(async () => (await textOf(overview, '#token .note')) === 'This token is not known, was revoked or has expired.');
    expect([...asked]).toEqual([`${url}/api/v1/health`]);
    expect(overview.faults).toEqual([]);

    await sendToken(overview, all);
    await rowWith(overview, 'containers', container);
    await rowWith(overview, 'nodes', 'ready');
    await rowWith(overview, 'failed', container);
    await until(async () => (await ask(overview, "[...document.querySelectorAll('.note')].map(note => note.innerText).join('')")) === '');
    expect([...asked].filter(address => address.includes(all))).toEqual([]);
    expect(await ask(overview, '[location.href, localStorage.length, document.cookie]')).toBe(`${url}/,0,`);
    expect(overview.faults).toEqual([]);

    await overview.page.click('#forget');
    await overview.page.waitForSelector('#token input', { visible: true });
    expect(await ask(overview, "[sessionStorage.length, document.querySelector('#parts').hidden]")).toBe('0,true');

    // With the next one all is asked for anew, and at once.
    await sendToken(overview, all);
    await overview.page.waitForSelector('#parts', { visible: true });
    expect(await hasRow(overview, 'containers', [container])).toBe(true);
  });

  test('it names the scopes that a token lacks, shows the rest, and asks for the others once', async () => {
    const overview = await open(url);
    const refused: string[] = [];
    overview.page.on('response', response => {
      if (response.status() === 403) refused.push(new URL(response.url()).pathname);
    });
    await sendToken(overview, some);
    await rowWith(overview, 'containers', container);
    await until(
      async () => (await textOf(overview, '#nodes .note')) === 'Not shown: The token some may not do this: it needs the scope nodes.',
    );
    expect(await textOf(overview, '#figures .note')).toContain('it needs the scope metrics.');
    expect(await textOf(overview, '#others')).toContain('unless it has the scope jobs');
    expect(refused.sort()).toEqual(['/api/v1/metrics', '/api/v1/nodes']);
  });

  test('without one it opens, and nothing else does', async () => {
    const paths = ['/', '/overview/main.js', '/overview', '/overview/types.d.ts', '/overview/../main.ts', '/api/v1/nodes'];
    const statuses = await Promise.all(paths.map(async path => (await fetch(url + path)).status));
    expect(statuses).toEqual([200, 200, 401, 401, 401, 401]);
  });
});
