import { type Service, startApi, startService } from '@podman-api/testing';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { attack, expectNoEffect, prepareAims, readJobs, startOwnSite, statusOf, succeeded, unreadable } from './browser/attack.ts';

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.stop());

describe('a page in a browser', () => {
  it('reads nothing and changes nothing from another origin', async () => {
    const aims = await prepareAims(service);
    const before = await readJobs(service);
    expect(await attack('http://evil.example', await startOwnSite(service), service.url, aims)).toEqual({
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
    await expectNoEffect(service, aims, before);
  });

  it('succeeds with fetch and EventSource from an origin in CORS_ORIGINS', async () => {
    const aims = await prepareAims(service);
    const site = await startOwnSite(service);
    const { api, url } = await startApi({ ...service.env, CORS_ORIGINS: `http://evil.example:${site.port}` });
    onTestFinished(async () => {
      await api.end();
    });
    const seen = await attack('http://evil.example', site, url, aims);
    expect(seen).toMatchObject({ ...succeeded, 'blind GET': 'opaque', image: 'error', script: 'error', socket: 'error' });
    expect(await statusOf(service, aims.victim)).toBe(404);
    expect(await statusOf(service, aims.name)).toBe('running');
  });
});
