import { images, type TestFleet } from '@podman-api/testing';
import { expect } from 'vitest';
import { makeImageIn } from '../images/make-image.ts';
import { packFiles } from '../transfers/pack-files.ts';
import { type FleetRoutes, nodeOf } from './fleet-routes.ts';

const maxImageBytes = 100 * 1024 ** 2;

/** Pushes an image to a registry, and pulls, tags, exports, loads and removes it on three nodes. */
export async function exchangeImages(fleet: TestFleet, routes: FleetRoutes, registryHost: string): Promise<void> {
  const reference = `${registryHost}/routes:1`;
  const path = `/images/${encodeURIComponent(reference)}`;
  await makeImageIn(nodeOf(fleet, 'a').podman, reference);
  expect((await routes.send('POST', '/images/push', { reference })).field('image.node')).toBe('a');
  const pulled = await routes.send('POST', '/images/pull', { reference, all_nodes: true });
  expect(pulled.field('images')).toMatchObject([{ node: 'a' }, { node: 'b' }, { node: 'c' }]);
  expect((await routes.send('GET', `/images?reference=${reference}`)).field('images')).toMatchObject([
    { node: 'a' },
    { node: 'b' },
    { node: 'c' },
  ]);
  expect((await routes.send('GET', path)).field('image.references')).toEqual([reference]);
  const podmanOfB = nodeOf(fleet, 'b').podman;
  const tagged = `${registryHost}/routes:2`;
  await routes.send('POST', `${path}/tag?node=b`, { reference: tagged });
  expect((await routes.send('GET', `/images?reference=${tagged}`)).field('images')).toMatchObject([{ node: 'b' }]);
  const exported = await routes.transfer('GET', `/images/export?${new URLSearchParams({ reference: tagged })}`);
  expect(exported.status).toBe(200);
  // An image with a name that ALLOWED_IMAGES allows cannot be loaded, and one with another name cannot be exported.
  const local = 'localhost/routes:2';
  await podmanOfB.run(['tag', tagged, local]);
  const loaded = await routes.transfer('POST', '/images/load?node=c', {
    body: new Uint8Array(await podmanOfB.read(['save', '--quiet', local], maxImageBytes)),
    headers: { 'Content-Type': 'application/x-tar' },
  });
  expect(loaded).toMatchObject({ status: 200, body: { images: [{ reference: local }] } });
  expect(await nodeOf(fleet, 'c').podman.run(['images', '--format={{.Repository}}'])).toContain('localhost/routes');
  await routes.send('DELETE', `/images/${encodeURIComponent(local)}?node=c`);
  expect((await routes.send('POST', '/images/prune', { all: true, label: 'team=images' })).field('unreachable')).toEqual([]);
  expect((await routes.send('GET', `/images?reference=${reference}`)).field('images')).toEqual([]);
}

/** Builds an image and commits a container on one of three nodes. */
export async function buildAndCommit(fleet: TestFleet, routes: FleetRoutes): Promise<void> {
  const tag = 'localhost/built:1';
  const body = await packFiles({ Containerfile: `FROM ${images.busybox}\nRUN echo built >/built\n` });
  const built = await routes.transfer('POST', `/images/build?${new URLSearchParams({ tag, node: 'b' })}`, { body });
  expect(built).toMatchObject({ status: 201, body: { image: { reference: tag } } });
  const name = await routes.createOn('b');
  await routes.send('POST', `/containers/${name}/exec`, { command: 'echo committed >/committed' });
  const committed = 'localhost/committed:1';
  await routes.send('POST', `/containers/${name}/commit`, { reference: committed, pause: false });
  // ALLOWED_IMAGES allows neither of them.
  const printOn = (image: string, path: string) =>
    nodeOf(fleet, 'b').podman.run(['run', '--rm', '--network=none', '--', image, 'cat', path]);
  expect([await printOn(tag, '/built'), await printOn(committed, '/committed')]).toEqual(['built\n', 'committed\n']);
  expect((await routes.send('GET', '/images?reference=committed')).field('images')).toMatchObject([{ node: 'b' }]);
  await routes.send('DELETE', `/containers/${name}?force=true`);
  for (const reference of [committed, tag]) await routes.send('DELETE', `/images/${encodeURIComponent(reference)}`);
}
