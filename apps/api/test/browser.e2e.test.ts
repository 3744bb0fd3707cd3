import { images, type Service, startApi, startService } from '@podman-api/testing';
import { openPage } from '@podman-api/testing/browser';
import { ownName, startContainer } from '@podman-api/testing/containers';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type Site, startSite } from './browser/site.ts';

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.stop());

/** What a page wants to make, to remove and to read. */
async function prepare() {
  const victim = await startContainer(images.plain);
  const answer = await service.call('POST', `/containers/${victim}/exec`, { command: 'echo secret' });
  return { name: ownName(), victim, job: String(answer.field('job_id')) };
}

async function ownSite(): Promise<Site> {
  const site = await startSite(service.url);
  onTestFinished(() => site.close());
  return site;
}

/** Opens a site's page under a name, and gives what its attempts on the API saw. */
async function attack(page: string, site: Site, api: string, { name, victim, job }: Aims) {
  const query = new URLSearchParams({ api, job: `${api}/api/v1/jobs/${job}/output`, image: images.plain, name, victim });
  const browser = openPage(`${page}:${site.port}/?${query}`);
  onTestFinished(() => browser.close());
  return site.report;
}

/** What a test sees of the API's work: all jobs so far. */
const jobs = async () => (await service.call('GET', '/jobs?limit=100')).field('jobs');
const statusOf = async (name: string) => {
  const { status, field } = await service.call('GET', `/containers/${name}`);
  return field('container.status') ?? status;
};
type Aims = Awaited<ReturnType<typeof prepare>>;

async function expectNothingDone({ victim, name }: Aims, before: unknown): Promise<void> {
  expect(await jobs()).toEqual(before);
  expect(await statusOf(victim)).toBe('running');
  expect(await statusOf(name)).toBe(404);
}

const unreadable = 'TypeError: Failed to fetch';

test('a page of another origin reads nothing and gets nothing done', async () => {
  const aims = await prepare();
  const before = await jobs();
  expect(await attack('http://evil.example', await ownSite(), service.url, aims)).toEqual({
    // Of these a page never learns more than that there was an answer.
    'form as text': 'load',
    'form urlencoded': 'load',
    'blind GET': 'opaque',
    'blind POST': 'opaque',
    'blind DELETE': expect.stringContaining('unsupported in no-cors mode'),
    beacon: 'true',
    'fetch GET': unreadable,
    'fetch JSON': unreadable,
    'fetch DELETE': unreadable,
    image: 'error',
    script: 'error',
    socket: 'error',
    events: 'error',
  });
  await expectNothingDone(aims, before);
});

test('nor does one whose own name has come to point at the API', async () => {
  const aims = await prepare();
  const before = await jobs();
  const site = await ownSite();
  const forbidden = expect.stringMatching(/^403 .*"type":"ForbiddenError"/);
  expect(await attack('http://rebind.example', site, `http://rebind.example:${site.port}`, aims)).toMatchObject({
    'blind GET': forbidden,
    'blind POST': forbidden,
    'fetch GET': forbidden,
    'fetch JSON': forbidden,
    'fetch DELETE': forbidden,
    script: 'error',
    socket: 'error',
    events: 'error',
  });
  await expectNothingDone(aims, before);
});

const succeeded = {
  'fetch GET': expect.stringMatching(/^200 .*"containers":/),
  'fetch JSON': expect.stringMatching(/^201 /),
  'fetch DELETE': expect.stringMatching(/^200 .*"removed":true/),
  events: 'open',
};

test('the same attempts succeed under a name of this host, so it is the name that was refused', async () => {
  const aims = await prepare();
  const site = await ownSite();
  expect(await attack('http://localhost', site, `http://localhost:${site.port}`, aims)).toMatchObject({ ...succeeded, script: 'load' });
  expect(await statusOf(aims.victim)).toBe(404);
  expect(await statusOf(aims.name)).toBe('running');
});

test('and where CORS_ORIGINS names the origin, but for what is not fetched', async () => {
  const aims = await prepare();
  const site = await ownSite();
  const { api, url } = await startApi({ ...service.env, CORS_ORIGINS: `http://evil.example:${site.port}` });
  onTestFinished(async () => {
    await api.end();
  });
  const seen = await attack('http://evil.example', site, url, aims);
  expect(seen).toMatchObject({ ...succeeded, 'blind GET': 'opaque', image: 'error', script: 'error', socket: 'error' });
  expect(await statusOf(aims.victim)).toBe(404);
  expect(await statusOf(aims.name)).toBe('running');
});
