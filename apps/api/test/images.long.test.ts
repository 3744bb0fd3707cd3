import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startFleet, type TestFleet, until } from '@podman-api/testing';
import { startRegistry, type TestRegistry, trustRegistries } from '@podman-api/testing/registry';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeImageIn } from './images/make-image.ts';

describe('images of a fleet', () => {
  const folder = mkdtempSync(join(tmpdir(), 'podman-api-test-'));
  let registry: TestRegistry;
  let fleet: TestFleet;
  beforeAll(async () => {
    registry = await startRegistry();
    const common = {
      ...trustRegistries(join(folder, 'registries.conf'), [registry.host]),
      ALLOWED_IMAGES: `${registry.host}/*`,
    };
    fleet = await startFleet({ a: { NODE_LABELS: 'zone=east' }, b: { NODE_LABELS: 'zone=east' }, c: {} }, common);
  });
  afterAll(async () => {
    await fleet.stop();
    await registry.stop();
    rmSync(folder, { recursive: true });
  });

  let count = 0;
  /** Creates an image on node a and pushes it; no node has it then. @returns its name without the registry */
  const pushImage = async () => {
    count += 1;
    const name = `app-${count}:1`;
    const reference = `${registry.host}/${name}`;
    const [a] = fleet.nodes;
    if (!a) throw new Error('there is no node');
    await makeImageIn(a.podman, reference);
    expect(await fleet.call('POST', '/images/push', { reference })).toMatchObject({ status: 200, body: { image: { node: 'a' } } });
    expect(await fleet.call('DELETE', `/images/${encodeURIComponent(reference)}`)).toMatchObject({ status: 200 });
    return name;
  };
  const pull = (reference: string, extraFields: object = {}) => fleet.call('POST', '/images/pull', { reference, ...extraFields });

  // Steps: a pull on two of three nodes; reads from any of them; a change needs ?node=; an image that no node has.
  it('are pulled on the nodes that are wanted, and found there', async () => {
    const reference = `${registry.host}/${await pushImage()}`;
    const path = `/images/${encodeURIComponent(reference)}`;
    const response = await pull(reference, { node_selector: { zone: 'east' } });
    expect(response).toMatchObject({ status: 200, body: { images: [{ node: 'a' }, { node: 'b' }], failed: [] } });
    expect(await fleet.call('GET', path)).toMatchObject({ status: 200, body: { image: { references: [reference] } } });
    const removed = await fleet.call('DELETE', path);
    expect(removed).toMatchObject({ status: 409, body: { error: { message: expect.stringContaining('(a, b): pick one with ?node=') } } });
    expect(await fleet.call('DELETE', `${path}?node=a`)).toMatchObject({ status: 200 });
    expect(await fleet.call('DELETE', path)).toMatchObject({ status: 200, body: { image: { node: 'b' } } });
    expect(await fleet.call('GET', path)).toMatchObject({ status: 404 });
    expect(await pull(reference, { all_nodes: true })).toMatchObject({
      status: 200,
      body: { images: [{ node: 'a' }, { node: 'b' }, { node: 'c' }] },
    });
    const listed = await fleet.call('GET', `/images?reference=${reference}`);
    expect(listed).toMatchObject({ body: { images: [{ node: 'a' }, { node: 'b' }, { node: 'c' }], unreachable: [] } });
    const pruned = await fleet.call('POST', '/images/prune', { all: true, label: 'team=images' });
    expect(pruned).toMatchObject({ status: 200, body: { images: [{ references: [reference] }, { node: 'b' }, { node: 'c' }] } });
  });

  it('name the nodes without an image in failed', async () => {
    const reference = `${registry.host}/${await pushImage()}`;
    const [, , c] = fleet.nodes;
    if (!c) throw new Error('there is no node c');
    await c.worker.end('SIGTERM');
    await until(async () => (await fleet.call('GET', '/nodes/c')).field('node.status') === 'offline');
    expect(await pull(reference, { all_nodes: true })).toMatchObject({
      status: 200,
      body: { images: [{ node: 'a' }, { node: 'b' }], failed: [{ node: 'c', error: { type: 'ServiceUnavailableError' } }] },
    });
    expect(await pull(`${registry.host}/none:1`, { all_nodes: true })).toMatchObject({ status: 404 });
    c.restart();
    await until(async () => (await fleet.call('GET', '/nodes/c')).field('node.status') === 'ready');
  });
});
