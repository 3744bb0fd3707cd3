import { callAllNodes, images, sharedService, until } from '@podman-api/testing';
import { uniqueContainerName } from '@podman-api/testing/containers';
import { describe, expect, it } from 'vitest';
import { create, expiryOf, hourSeconds, isGone, renew, requestCreate, withEnoughTime } from './ttl/expiring-containers.ts';

const service = sharedService();
const { call } = service;

// Workers that stop, and an unavailable Redis, are tested in `npm run test:all`.
describe('a container with a ttl', () => {
  it('has the time at which it expires in its responses', async () => {
    const name = uniqueContainerName();
    const before = Date.now();
    await create(service, name, hourSeconds);
    const expires = Date.parse(String(await expiryOf(service, name)));
    // Podman's times are whole seconds.
    expect(expires).toBeGreaterThanOrEqual(before + (hourSeconds - 1) * 1000);
    expect(expires).toBeLessThanOrEqual(Date.now() + hourSeconds * 1000);
    expect(JSON.stringify((await callAllNodes(call, 'GET', '/containers')).field('containers'))).toContain(
      `"expires_at":"${new Date(expires).toISOString().slice(0, 18)}`,
    );
  });

  it('is removed when it expires, and its name is free', async () => {
    const { name, expires } = await withEnoughTime(async ttl => {
      const name = uniqueContainerName();
      const before = Date.now();
      const status = await requestCreate(service, name, ttl);
      // It may expire before podman has started it.
      if (status !== 201 && ttl < 60) return undefined;
      expect(status).toBe(201);
      // Podman's times are whole seconds.
      return { name, expires: before + (ttl - 1) * 1000 };
    });
    await until(() => isGone(service, name));
    expect(Date.now()).toBeGreaterThanOrEqual(expires);
    expect((await call('POST', '/containers?dry_run=true', { image: images.plain, name, command: 'sleep 600' })).status).toBe(200);
  });
});

describe('POST /containers/:name/renew', () => {
  it('gives a container without a ttl one', async () => {
    const name = uniqueContainerName();
    await create(service, name);
    expect(await expiryOf(service, name)).toBeNull();
    const expires = await renew(service, name, 2);
    await until(() => isGone(service, name));
    expect(Date.now()).toBeGreaterThanOrEqual(expires);
    expect((await call('POST', `/containers/${name}/renew`, { ttl: 2 })).status).toBe(404);
  });

  it.each([0, -1, 1.5, '5', 1e12, undefined])('returns 400 for the ttl %s', async ttl => {
    expect((await call('POST', '/containers/any/renew', { ttl })).status).toBe(400);
  });
});
