import { images, type Service } from '@podman-api/testing';
import { openPage } from '@podman-api/testing/browser';
import { startContainer, uniqueContainerName } from '@podman-api/testing/containers';
import { expect, onTestFinished } from 'vitest';
import { type Site, startSite } from './site.ts';

/** Targets of the page's attack: a container to remove, a job to read, and a name for a container to create. */
interface AttackTargets {
  readonly name: string;
  readonly victim: string;
  readonly job: string;
}

/** Expected results for a page that may use the API, by attempt. */
export const succeeded = {
  'fetch GET': expect.stringMatching(/^200 .*"containers":/),
  'fetch JSON': expect.stringMatching(/^201 /),
  'fetch DELETE': expect.stringMatching(/^200 .*"removed":true/),
  events: 'open',
};

/** Error of `fetch` if a page may not read the response. */
const unreadable = 'TypeError: Failed to fetch';

/** Expected results for a page of another origin, by attempt. */
export const blocked = {
  // A page learns only that there was a response.
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
};

/** Starts a site with a page that attacks the API, until the test finishes. */
export async function startOwnSite(service: Service): Promise<Site> {
  const site = await startSite(() => service.url);
  onTestFinished(() => site.close());
  return site;
}

/** Creates the targets of the attack. */
export async function prepareTargets(service: Service): Promise<AttackTargets> {
  const victim = await startContainer(images.plain);
  const response = await service.call('POST', `/containers/${victim}/exec`, { command: 'echo secret' });
  return { name: uniqueContainerName(), victim, job: String(response.field('job_id')) };
}

/** Opens the site's page under a host name. @returns what each of its attempts on the API saw */
export async function attack(page: string, site: Site, api: string, { name, victim, job }: AttackTargets) {
  const query = new URLSearchParams({ api, job: `${api}/api/v1/jobs/${job}/output`, image: images.plain, name, victim });
  const report = site.nextReport();
  await openPage(`${page}:${site.port}/?${query}`);
  return report;
}

/** Returns the jobs of a service. */
export const readJobs = async (service: Service) => (await service.call('GET', '/jobs?limit=100')).field('jobs');

/** Returns the status of a container, or of the response if there is no container. */
export async function statusOf(service: Service, name: string): Promise<unknown> {
  const { status, field } = await service.call('GET', `/containers/${name}`);
  return field('container.status') ?? status;
}

/** Expects that an attack has added no job, removed nothing and created nothing. @param before jobs before the attack */
export async function expectNoEffect(service: Service, { victim, name }: AttackTargets, before: unknown): Promise<void> {
  expect(await readJobs(service)).toEqual(before);
  expect(await statusOf(service, victim)).toBe('running');
  expect(await statusOf(service, name)).toBe(404);
}
