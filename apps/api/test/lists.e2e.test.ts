import { randomBytes } from 'node:crypto';
import { images, startFleet, type TestFleet, until } from '@podman-api/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** 10,000 were tried by hand. */
const rounds = Number(process.env['LIST_ROUNDS'] ?? 20);

let fleet: TestFleet;
let podman: TestFleet['nodes'][number]['podman'];
beforeAll(async () => {
  fleet = await startFleet({ a: {} });
  const [node] = fleet.nodes;
  if (!node) throw new Error('there is no node');
  ({ podman } = node);
});
afterAll(() => fleet.stop());

const newName = () => `l-${randomBytes(5).toString('hex')}`;
const small = { image: images.plain, network: 'none', command: 'sleep 600' };
const statusIn = async (name: string, { call } = fleet.apis[0]) => {
  const { field } = await call('GET', `/containers?name=${name}`);
  return field('containers.0.status');
};

test('it never lacks what was made before it was asked for, nor has what was removed', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const name = newName();
    await fleet.call('GET', '/containers');
    expect((await fleet.call('POST', '/containers', { ...small, name })).status).toBe(201);
    expect(await statusIn(name, fleet.apis[1])).toBe('running');
    expect((await fleet.call('DELETE', `/containers/${name}?force=true`)).status).toBe(200);
    expect(await statusIn(name, fleet.apis[1])).toBeUndefined();
  }
}, 3_600_000);

test('what is done behind the API’s back shows at once', async () => {
  const name = newName();
  expect(await statusIn(name)).toBeUndefined();
  await podman.run(['run', '--detach', '--network=none', `--name=${name}`, images.plain, 'sleep', '600']);
  expect(await statusIn(name)).toBe('running');
  await podman.run(['stop', '--time=0', name]);
  expect(await statusIn(name)).toBe('exited');
  await podman.run(['rename', name, `${name}-new`]);
  expect(await statusIn(`${name}-new`)).toBe('exited');
  await podman.run(['rm', `${name}-new`]);
  expect(await statusIn(name)).toBeUndefined();
});

test('and so does a container that ends by itself, as podman tells it', async () => {
  const name = newName();
  await podman.run(['run', '--detach', '--network=none', `--name=${name}`, images.plain, 'sleep', '1']);
  // Podman makes "stopped" of it and then "exited", or leaves it at that where its clean-up fails.
  await until(async () => {
    const told = await podman.run(['inspect', '--format={{.State.Status}}', '--', name]);
    return told.trim() !== 'running' && told.trim() === (await statusIn(name));
  });
});

test('callers at the same time share jobs, and each sees what was there before it asked', async () => {
  const names = Array.from({ length: 5 }, newName);
  const lists: Promise<unknown>[] = [];
  for (const name of names) {
    await fleet.call('POST', '/containers', { ...small, name });
    for (let caller = 0; caller < 10; caller += 1) lists.push(statusIn(name));
  }
  expect(await Promise.all(lists)).toEqual(lists.map(() => 'running'));
  const answers = await Promise.all(Array.from({ length: 30 }, () => fleet.call('GET', '/containers')));
  expect(new Set(answers.map(({ field }) => field('job_id'))).size).toBeLessThan(30);
});
