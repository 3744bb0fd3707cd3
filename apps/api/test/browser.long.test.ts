import { type Service, startService } from '@podman-api/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attack, blocked, expectNoEffect, prepareTargets, readJobs, startOwnSite, statusOf, succeeded } from './browser/attack.ts';

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.stop());

describe('a page in a browser', () => {
  it('reads nothing and changes nothing from another origin if CORS_ORIGINS is empty, as by default', async () => {
    const targets = await prepareTargets(service);
    const before = await readJobs(service);
    expect(await attack('http://evil.example', await startOwnSite(service), service.url, targets)).toEqual(blocked);
    await expectNoEffect(service, targets, before);
  });

  it('reads nothing and changes nothing under a name that resolves to this host (DNS rebinding)', async () => {
    const targets = await prepareTargets(service);
    const before = await readJobs(service);
    const site = await startOwnSite(service);
    const forbidden = expect.stringMatching(/^403 .*"type":"ForbiddenError"/);
    expect(await attack('http://rebind.example', site, `http://rebind.example:${site.port}`, targets)).toMatchObject({
      'blind GET': forbidden,
      'blind POST': forbidden,
      'fetch GET': forbidden,
      'fetch JSON': forbidden,
      'fetch DELETE': forbidden,
      script: 'error',
      socket: 'error',
      events: 'error',
    });
    await expectNoEffect(service, targets, before);
  });

  it('succeeds with the same attempts under localhost', async () => {
    const targets = await prepareTargets(service);
    const site = await startOwnSite(service);
    expect(await attack('http://localhost', site, `http://localhost:${site.port}`, targets)).toMatchObject({
      ...succeeded,
      script: 'load',
    });
    expect(await statusOf(service, targets.victim)).toBe(404);
    expect(await statusOf(service, targets.name)).toBe('running');
  });
});
