import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { images, startFleet, type TestFleet, until } from '@podman-api/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let fleet: TestFleet;
beforeAll(async () => {
  fleet = await startFleet({ a: {} });
});
afterAll(() => fleet.stop());

const call: TestFleet['call'] = (...request) => fleet.call(...request);
const newName = () => `f-${randomBytes(5).toString('hex')}`;
const hourSeconds = 3600;
const node = () => {
  const [found] = fleet.nodes;
  if (!found) throw new Error('there is no node');
  return found;
};
/** Returns the containers of podman itself, without the API. */
const listNames = async () => (await node().podman.run(['ps', '--all', '--format={{.Names}}'])).split('\n');
const isGone = async (name: string) => (await call('GET', `/containers/${name}`)).status === 404;
async function create(name: string, ttl?: number): Promise<void> {
  const body = { image: images.plain, network: 'none', command: 'sleep 600', name, ...(ttl !== undefined && { ttl }) };
  expect((await call('POST', '/containers', body)).status).toBe(201);
}
/** @returns when the container expires */
async function renew(name: string, ttl: number): Promise<number> {
  const answer = await call('POST', `/containers/${name}/renew`, { ttl });
  expect(answer.status).toBe(200);
  return Date.parse(String(answer.field('container.expires_at')));
}
const expiryOf = async (name: string) => (await call('GET', `/containers/${name}`)).field('container.expires_at');

/** Calls `attempt` with a longer time to live each time, until it is not too short for this machine. */
async function withEnoughTime<Value>(attempt: (ttl: number) => Promise<Value | undefined>): Promise<Value> {
  for (let ttl = 2; ; ttl *= 2) {
    const value = await attempt(ttl);
    if (value !== undefined) return value;
  }
}

describe('a container with a ttl', () => {
  it('has the time at which it expires in its answers', async () => {
    const name = newName();
    const before = Date.now();
    await create(name, hourSeconds);
    const expires = Date.parse(String(await expiryOf(name)));
    // Podman's times are whole seconds.
    expect(expires).toBeGreaterThanOrEqual(before + (hourSeconds - 1) * 1000);
    expect(expires).toBeLessThanOrEqual(Date.now() + hourSeconds * 1000);
    expect(JSON.stringify((await call('GET', '/containers')).field('containers'))).toContain(
      `"expires_at":"${new Date(expires).toISOString().slice(0, 18)}`,
    );
  });

  it('is removed when it expires, with a line in the audit log, and its name is free', async () => {
    const name = newName();
    const before = Date.now();
    await create(name, 2);
    await until(() => isGone(name));
    expect(Date.now()).toBeGreaterThanOrEqual(before + 1000);
    const lines = () => readFileSync(fleet.env['AUDIT_LOG'] ?? '', 'utf8').split('\n');
    await until(() => lines().filter(line => line.includes('container.expire') && line.includes(name)).length === 1);
    await create(name);
  });

  // Steps: a worker dies before two containers expire; one of them is replaced; the worker starts after their time.
  it('is removed by a worker that starts after it expired, but not a container that took its name', async () => {
    const [late, taken] = [newName(), newName()];
    const expires = await withEnoughTime(async ttl => {
      for (const name of [late, taken]) await create(name, hourSeconds);
      const end = Math.max(await renew(late, ttl), await renew(taken, ttl));
      await node().worker.end('SIGKILL');
      const names = await listNames();
      if (names.includes(late) && names.includes(taken)) return end;
      node().restart();
      await until(async () => !(await listNames()).some(name => name === late || name === taken));
      return undefined;
    });
    await node().podman.run(['rm', '--force', '--time=0', taken]);
    await node().podman.run(['run', '--detach', '--network=none', `--name=${taken}`, images.plain, 'sleep', '600']);
    await until(() => Date.now() > expires);
    expect(await listNames()).toContain(late);
    node().restart();
    await until(async () => !(await listNames()).includes(late));
    // A container that expires later is removed after all that expired before.
    const later = newName();
    await until(async () => (await call('GET', '/health')).status === 200);
    await create(later, 1);
    await until(() => isGone(later));
    expect(await listNames()).toContain(taken);
  });

  it('does not pass its ttl on to a container that is started from an image of it', async () => {
    const [name, byHand, byService] = [newName(), newName(), newName()];
    const image = `localhost/${name}`;
    await create(name, hourSeconds);
    await node().podman.run(['commit', '--quiet', name, image]);
    await node().podman.run(['run', '--detach', '--network=none', `--name=${byHand}`, image, 'sleep', '600']);
    const own = { image, network: 'none', command: 'sleep 600', name: byService, ttl: hourSeconds };
    expect((await call('POST', '/containers', own)).status).toBe(201);
    expect([await expiryOf(name), await expiryOf(byService)]).toEqual([expect.any(String), expect.any(String)]);
    expect(await expiryOf(byHand)).toBeNull();
    const listed = JSON.stringify((await call('GET', `/containers?name=${byHand}`)).field('containers'));
    expect(listed).toContain('"expires_at":null');
  });

  it('is removed while Redis is unavailable', async () => {
    const name = newName();
    await withEnoughTime(async ttl => {
      await create(name, ttl);
      await fleet.redis.kill();
      if ((await listNames()).includes(name)) return true;
      await fleet.redis.restart();
      await until(() => isGone(name));
      return undefined;
    });
    await until(async () => !(await listNames()).includes(name));
    await fleet.redis.restart();
    await until(() => isGone(name));
  });
});

describe('POST /containers/:name/renew', () => {
  it('replaces the time at which a container expires', async () => {
    const renewed = await withEnoughTime(async ttl => {
      const name = newName();
      await create(name, ttl);
      const answer = await call('POST', `/containers/${name}/renew`, { ttl: hourSeconds });
      if (answer.status === 404) return undefined;
      expect(Date.parse(String(answer.field('container.expires_at')))).toBeGreaterThan(Date.now() + (hourSeconds - 100) * 1000);
      return { name, ttl };
    });
    // Another container that expires later than the first one would have.
    const other = newName();
    await create(other, renewed.ttl);
    await until(() => isGone(other));
    expect((await call('GET', `/containers/${renewed.name}`)).status).toBe(200);
  });

  it('gives a container without a ttl one', async () => {
    const name = newName();
    await create(name);
    expect(await expiryOf(name)).toBeNull();
    const expires = await renew(name, 2);
    await until(() => isGone(name));
    expect(Date.now()).toBeGreaterThanOrEqual(expires);
    expect((await call('POST', `/containers/${name}/renew`, { ttl: 2 })).status).toBe(404);
  });

  it.each([0, -1, 1.5, '5', 1e12, undefined])('returns 400 for the ttl %s', async ttl => {
    expect((await call('POST', '/containers/any/renew', { ttl })).status).toBe(400);
  });
});
