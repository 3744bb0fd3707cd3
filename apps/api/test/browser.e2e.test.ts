import { images, type Service, startApi, startService } from '@podman-api/testing';
import { openPage } from '@podman-api/testing/browser';
import { ownName, startContainer } from '@podman-api/testing/containers';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Site, startSite } from './browser/site.ts';

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.stop());

/** Makes what the page attacks: a container to remove, a job to read, and a name for a container to create. */
async function prepare() {
  const victim = await startContainer(images.plain);
  const answer = await service.call('POST', `/containers/${victim}/exec`, { command: 'echo secret' });
  return { name: ownName(), victim, job: String(answer.field('job_id')) };
}

async function startOwnSite(): Promise<Site> {
  const site = await startSite(service.url);
  onTestFinished(() => site.close());
  return site;
}

/** Opens the site's page under a host name. @returns what each of its attempts on the API saw */
async function attack(page: string, site: Site, api: string, { name, victim, job }: Aims) {
  const query = new URLSearchParams({ api, job: `${api}/api/v1/jobs/${job}/output`, image: images.plain, name, victim });
  await openPage(`${page}:${site.port}/?${query}`);
  return site.report;
}

const readJobs = async () => (await service.call('GET', '/jobs?limit=100')).field('jobs');
const statusOf = async (name: string) => {
  const { status, field } = await service.call('GET', `/containers/${name}`);
  return field('container.status') ?? status;
};
type Aims = Awaited<ReturnType<typeof prepare>>;

async function expectNoEffect({ victim, name }: Aims, before: unknown): Promise<void> {
  expect(await readJobs()).toEqual(before);
  expect(await statusOf(victim)).toBe('running');
  expect(await statusOf(name)).toBe(404);
}

const unreadable = 'TypeError: Failed to fetch';

const succeeded = {
  'fetch GET': expect.stringMatching(/^200 .*"containers":/),
  'fetch JSON': expect.stringMatching(/^201 /),
  'fetch DELETE': expect.stringMatching(/^200 .*"removed":true/),
  events: 'open',
};

describe('a page in a browser', () => {
  it('reads nothing and changes nothing from another origin', async () => {
    const aims = await prepare();
    const before = await readJobs();
    expect(await attack('http://evil.example', await startOwnSite(), service.url, aims)).toEqual({
      // A page learns no more of these than that there was an answer.
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
    await expectNoEffect(aims, before);
  });

  it('reads nothing and changes nothing under a name that resolves to this host (DNS rebinding)', async () => {
    const aims = await prepare();
    const before = await readJobs();
    const site = await startOwnSite();
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
    await expectNoEffect(aims, before);
  });

  it('succeeds with the same attempts under localhost', async () => {
    const aims = await prepare();
    const site = await startOwnSite();
    expect(await attack('http://localhost', site, `http://localhost:${site.port}`, aims)).toMatchObject({ ...succeeded, script: 'load' });
    expect(await statusOf(aims.victim)).toBe(404);
    expect(await statusOf(aims.name)).toBe('running');
  });

  it('succeeds with fetch and EventSource from an origin in CORS_ORIGINS', async () => {
    const aims = await prepare();
    const site = await startOwnSite();
    const { api, url } = await startApi({ ...service.env, CORS_ORIGINS: `http://evil.example:${site.port}` });
    onTestFinished(async () => {
      await api.end();
    });
    const seen = await attack('http://evil.example', site, url, aims);
    expect(seen).toMatchObject({ ...succeeded, 'blind GET': 'opaque', image: 'error', script: 'error', socket: 'error' });
    expect(await statusOf(aims.victim)).toBe(404);
    expect(await statusOf(aims.name)).toBe('running');
  });
});
