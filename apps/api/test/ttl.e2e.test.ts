import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { images, startFleet, type TestFleet, until } from '@podman-api/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';

let fleet: TestFleet;
beforeAll(async () => {
  fleet = await startFleet({ a: {} });
});
afterAll(() => fleet.stop());

const call: TestFleet['call'] = (...request) => fleet.call(...request);
const newName = () => `f-${randomBytes(5).toString('hex')}`;
const create = (more: object) => call('POST', '/containers', { image: images.plain, network: 'none', command: 'sleep 600', ...more });
const isGone = async (name: string) => (await call('GET', `/containers/${name}`)).status === 404;
const node = () => {
  const [found] = fleet.nodes;
  if (!found) throw new Error('there is no node');
  return found;
};
const names = async () => (await node().podman.run(['ps', '--all', '--format={{.Names}}'])).split('\n');

test('a container goes when its time is over, and says when that is', async () => {
  const name = newName();
  const before = Date.now();
  expect((await create({ name, ttl: 2 })).status).toBe(201);
  const expires = Date.parse(String((await call('GET', `/containers/${name}`)).field('container.expires_at')));
  expect(expires).toBeGreaterThanOrEqual(before + 1000);
  expect(expires).toBeLessThanOrEqual(Date.now() + 2000);
  expect(JSON.stringify((await call('GET', '/containers')).field('containers'))).toContain(
    `"expires_at":"${new Date(expires).toISOString().slice(0, 18)}`,
  );
  await until(() => isGone(name));
  expect(Date.now()).toBeGreaterThanOrEqual(expires);
  // It is noted once podman has said that it is gone, a moment later.
  const lines = () => readFileSync(fleet.env['AUDIT_LOG'] ?? '', 'utf8').split('\n');
  await until(async () => lines().filter(line => line.includes('container.expire') && line.includes(name)).length === 1);
  // The name is free again at once.
  expect((await create({ name })).status).toBe(201);
});

test('renewed, it stays for longer, whether or not its end was set before', async () => {
  const [short, free] = [newName(), newName()];
  await create({ name: short, ttl: 2 });
  await create({ name: free });
  expect((await call('GET', `/containers/${free}`)).field('container.expires_at')).toBeNull();
  const { status, field } = await call('POST', `/containers/${short}/renew`, { ttl: 3600 });
  expect(status).toBe(200);
  expect(Date.parse(String(field('container.expires_at')))).toBeGreaterThan(Date.now() + 3_500_000);
  expect((await call('POST', `/containers/${free}/renew`, { ttl: 2 })).status).toBe(200);
  await until(() => isGone(free));
  expect((await call('GET', `/containers/${short}`)).status).toBe(200);
  expect(await call('POST', `/containers/${free}/renew`, { ttl: 2 })).toMatchObject({ status: 404 });
  for (const ttl of [0, -1, 1.5, '5', 1e12, undefined])
    expect((await call('POST', `/containers/${short}/renew`, { ttl })).status).toBe(400);
});

test('it goes although the worker was away at that moment, and what has taken its name since stays', async () => {
  const [late, taken] = [newName(), newName()];
  await create({ name: late, ttl: 2 });
  await create({ name: taken, ttl: 2 });
  const renewed = String((await call('POST', `/containers/${late}/renew`, { ttl: 1 })).field('container.expires_at'));
  await node().worker.end('SIGKILL');
  await node().podman.run(['rm', '--force', '--time=0', taken]);
  await node().podman.run(['run', '--detach', '--network=none', `--name=${taken}`, images.plain, 'sleep', '600']);
  await until(async () => Date.now() > Date.parse(renewed) + 1000);
  expect(await names()).toContain(late);
  node().restart();
  await until(async () => !(await names()).includes(late));
  expect(await names()).toContain(taken);
});

test('it goes although Redis is away', async () => {
  const name = newName();
  await create({ name, ttl: 2 });
  await fleet.redis.kill();
  await until(async () => !(await names()).includes(name));
  await fleet.redis.restart();
  await until(() => isGone(name));
});
