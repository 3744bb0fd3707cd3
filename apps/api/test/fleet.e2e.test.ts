import { randomBytes } from 'node:crypto';
import { callAllNodes, images, startFleet, type TestFleet, type TestNode, until } from '@podman-api/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectSpread } from './fleet/spread.ts';
import { checkListsAfterChanges } from './lists/change-rounds.ts';
import { createListGate } from './lists/list-gate.ts';

const listGate = createListGate();
const mark = `f-${randomBytes(5).toString('hex')}`;
let fleet: TestFleet;
beforeAll(async () => {
  fleet = await startFleet({
    a: { NODE_LABELS: 'zone=east,gpu=yes', PATH: listGate.path },
    b: { NODE_LABELS: 'zone=east' },
    c: { NODE_LABELS: 'zone=west' },
  });
  // One for each node, which tests may read and exec in.
  const responses = await Promise.all(['a', 'b', 'c'].map(node => create({ node, name: `${mark}-${node}`, labels: { mark, of: node } })));
  expect(responses.map(({ status }) => status)).toEqual([201, 201, 201]);
});
afterAll(async () => {
  // A test that failed may have left it closed, and the worker would wait for its list.
  listGate.open();
  await fleet.stop();
  listGate.remove();
});

const newName = () => `f-${randomBytes(5).toString('hex')}`;
const call: TestFleet['call'] = (...request) => fleet.call(...request);
const nodeNamed = (name: unknown): TestNode => {
  const node = fleet.nodes.find(one => one.name === name);
  if (!node) throw new Error(`there is no node ${name}`);
  return node;
};
const small = { image: images.plain, network: 'none', command: 'sleep 600' };
const create = (extraFields: object = {}) => call('POST', '/containers', { ...small, name: newName(), ...extraFields });
const inspect = async (name: string) => (await call('GET', `/containers/${name}`)).field('container.node');
const run = (node: string, ...args: string[]) =>
  nodeNamed(node).podman.run(['run', '--detach', '--network=none', ...args, images.plain, 'sleep', '600']);

describe('GET /nodes', () => {
  it('describes each node', async () => {
    const { body } = await call('GET', '/nodes');
    const node = (name: string, labels: object) => ({
      name,
      status: 'ready',
      podman: 'connected',
      podman_version: expect.stringMatching(/^\d+\.\d+/),
      labels,
      arch: process.arch,
      cpus: expect.any(Number),
      memory: expect.any(Number),
      workers: 1,
      max_workers: 10,
      running: expect.any(Number),
      queued: 0,
      containers: expect.any(Number),
      last_seen: expect.stringMatching(/Z$/),
    });
    const nodes = [node('a', { zone: 'east', gpu: 'yes' }), node('b', { zone: 'east' }), node('c', { zone: 'west' })];
    expect(body).toEqual({ success: true, nodes, timestamp: expect.any(String) });
    expect((await call('GET', '/nodes/b')).body).toEqual({ success: true, node: nodes[1], timestamp: expect.any(String) });
    expect(await call('GET', '/nodes/z')).toMatchObject({ status: 404, body: { error: { type: 'NotFoundError' } } });
  });
});

describe('placement', () => {
  // More are tested in `npm run test:all`.
  it('spreads 9 creates sent at once to two API processes', () => expectSpread(fleet, 9));

  it('follows node and node_selector', async () => {
    for (const [wish, places] of [
      [{ node_selector: { gpu: 'yes' } }, ['a']],
      [{ node_selector: { zone: 'west' } }, ['c']],
      [{ node_selector: { zone: 'east' } }, ['a', 'b']],
    ] as const) {
      const { field, status } = await create(wish);
      expect(status).toBe(201);
      expect(places).toContain(await inspect(String(field('container.name'))));
    }
    const none = await create({ node_selector: { zone: 'north', gpu: 'no' } });
    expect(none).toMatchObject({ status: 503, body: { error: { type: 'ServiceUnavailableError' } } });
    expect(none.field('error.message')).toContain('zone=north,gpu=no');
    for (const node of ['a', 'b', 'c']) expect(await inspect(`${mark}-${node}`)).toBe(node);
    expect(await create({ node: 'z' })).toMatchObject({ status: 404 });
  });

  it('gives a draining node no new containers, while those it has stay usable', async () => {
    expect((await call('POST', '/nodes/a/drain')).field('node.status')).toBe('draining');
    const placed = await Promise.all([create(), create()]);
    for (const { field } of placed) expect(['b', 'c']).toContain(await inspect(String(field('container.name'))));
    expect(await create({ node: 'a' })).toMatchObject({ status: 503 });
    expect(await create({ node_selector: { gpu: 'yes' } })).toMatchObject({ status: 503 });
    expect((await call('POST', `/containers/${mark}-a/exec`, { command: 'echo here' })).field('execution.stdout')).toBe('here\n');
    expect((await call('POST', '/nodes/a/resume')).field('node.status')).toBe('ready');
    expect((await create({ node: 'a' })).status).toBe(201);
  });
});

describe('container names', () => {
  it('lets one of 50 creates of a name win, sent at once to two API processes', async () => {
    const name = newName();
    const responses = await Promise.all(
      Array.from({ length: 50 }, (_, index) => fleet.apis[index % 2 === 0 ? 0 : 1].call('POST', '/containers', { ...small, name })),
    );
    expect(responses.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(responses.filter(({ status }) => status === 409)).toHaveLength(49);
    const places = await Promise.all(
      fleet.nodes.map(async ({ podman }) => (await podman.run(['ps', '--all', '--format={{.Names}}'])).includes(name)),
    );
    expect(places.filter(Boolean)).toHaveLength(1);
    expect((await call('POST', '/containers?dry_run=true', { ...small, name })).status).toBe(409);
  });

  it('frees the name when the create fails', async () => {
    const name = newName();
    expect((await create({ name, image: 'localhost/not-there', pull_policy: 'never' })).status).toBe(404);
    expect((await create({ name })).status).toBe(201);
    expect((await call('DELETE', `/containers/${name}?force=true`)).status).toBe(200);
    expect((await create({ name })).status).toBe(201);
  });

  it('answers a repetition under the same Idempotency-Key with the same job, also from another process', async () => {
    const name = newName();
    const key = { 'Idempotency-Key': name };
    const first = await call('POST', '/containers', { ...small, name }, key);
    const second = await fleet.apis[1].call('POST', '/containers', { ...small, name }, key);
    expect(second.status).toBe(201);
    expect(second.field('job_id')).toBe(first.field('job_id'));
    const gone = await call('DELETE', `/containers/${name}?force=true`, undefined, { 'Idempotency-Key': `${name} away` });
    const again = await call('DELETE', `/containers/${name}?force=true`, undefined, { 'Idempotency-Key': `${name} away` });
    expect([gone.status, again.status]).toEqual([200, 200]);
    expect(again.field('job_id')).toBe(gone.field('job_id'));
  });
});

describe('finding a container’s node', () => {
  it('finds it by name, id and id prefix on every route', async () => {
    const kinds = [
      { node: 'a', referenceOf: (name: string, _id: string) => name },
      { node: 'b', referenceOf: (_name: string, id: string) => id },
    ];
    const prefix = String((await call('GET', `/containers/${mark}-c`)).field('container.id')).slice(0, 8);
    expect((await call('GET', `/containers/${prefix}`)).field('container.node')).toBe('c');
    expect((await call('GET', `/containers/${prefix}/logs`)).status).toBe(200);
    for (const { node, referenceOf } of kinds) {
      const made = await create({ node, image: images.busybox });
      const name = String(made.field('container.name'));
      const id = String(made.field('container.id'));
      const at = `/containers/${referenceOf(name, id)}`;
      const responses = [
        await call('GET', at),
        await call('GET', `${at}/logs`),
        await call('POST', `${at}/exec`, { command: 'true' }),
        await call('POST', `${at}/users`, { username: 'app' }),
        await call('POST', `${at}/files`, { dest_path: '/x', content: 'x' }),
        await call('POST', `${at}/renew`, { ttl: 600 }),
        await call('POST', `${at}/stop?timeout=0`),
        await call('POST', `${at}/start`),
      ];
      expect(responses.map(({ status }) => status)).toEqual([200, 200, 200, 201, 201, 200, 200, 200]);
      expect(responses[0]?.field('container.node')).toBe(node);
      expect((await call('DELETE', `/containers/${id}?force=true`)).status).toBe(200);
      expect((await call('GET', `/containers/${name}`)).status).toBe(404);
    }
  });

  it('finds containers that podman has created without the API, and returns 404 for those that it has removed', async () => {
    const name = newName();
    await run('b', `--name=${name}`);
    // The directory may not have it yet: then the nodes are asked.
    expect(await inspect(name)).toBe('b');
    expect((await create({ name, node: 'c' })).status).toBe(409);
    await nodeNamed('b').podman.run(['rm', '--force', '--time=0', name]);
    expect((await call('GET', `/containers/${name}`)).status).toBe(404);
    // An outdated directory blocks no name.
    expect((await create({ name, node: 'c' })).status).toBe(201);
  });

  it('returns 409 with both nodes for a name on two nodes, unless ?node= picks one', async () => {
    const name = newName();
    await run('a', `--name=${name}`);
    await run('c', `--name=${name}`);
    await until(async () => (await call('GET', `/containers/${name}`)).status === 409);
    expect((await call('GET', `/containers/${name}`)).field('error.message')).toContain('(a, c)');
    expect((await call('GET', `/containers/${name}?node=c`)).field('container.node')).toBe('c');
    expect((await call('DELETE', `/containers/${name}?force=true&node=a`)).status).toBe(200);
    expect(await inspect(name)).toBe('c');
    expect((await call('GET', `/containers/${name}?node=a`)).status).toBe(404);
    expect((await call('GET', `/containers/${name}?node=z`)).status).toBe(404);
    expect((await call('GET', `/containers/${name}?node=-`)).status).toBe(400);
  });
});

describe('GET /containers', () => {
  it('lists the containers of all nodes, with filters', async ({ onTestFinished }) => {
    onTestFinished(async () => {
      await call('POST', `/containers/${mark}-b/start`);
    });
    await call('POST', `/containers/${mark}-b/stop?timeout=0`);
    const list = async (query: string) => {
      const { status, body, field } = await callAllNodes(call, 'GET', `/containers?${query}`);
      expect({ status, body }).toMatchObject({ status: 200, body: { unreachable: [] } });
      const containers = field('containers');
      return Array.isArray(containers) ? containers.map(({ name, node }) => `${name} ${node}`).sort() : [];
    };
    const all = ['a', 'b', 'c'].map(node => `${mark}-${node} ${node}`);
    expect(await list(`label=mark%3D${mark}`)).toEqual(all);
    expect(await list(`name=${mark}`)).toEqual(all);
    expect(await list(`label=mark%3D${mark}&label=of%3Db`)).toEqual([all[1]]);
    // "stopped" until podman's own clean-up has run.
    await until(async () => (await list(`name=${mark}&status=exited`)).length > 0);
    expect(await list(`name=${mark}&status=exited`)).toEqual([all[1]]);
    expect(await list(`name=${mark}&node=c`)).toEqual([all[2]]);
    expect((await call('GET', '/containers?status=mad&label=&nod=c')).status).toBe(400);
    expect((await call('GET', '/containers?node=z')).status).toBe(404);
    expect((await call('GET', '/containers', undefined, { Prefer: 'respond-async' })).status).toBe(400);
  });

  it('lists what was created before the request, and nothing that was removed before it', () => checkListsAfterChanges(fleet, 2));

  it('shares one job among callers who ask while another list is under way', async () => {
    listGate.close();
    const list = () => call('GET', '/containers?node=a', undefined, { 'Cache-Control': 'no-cache' });
    const lists = Array.from({ length: 30 }, list);
    await until(async () => (await call('GET', '/jobs?operation=container.list&status=running')).field('jobs.0.id') !== undefined);
    listGate.open();
    const jobs = (await Promise.all(lists)).map(({ field }) => field('job_id'));
    expect(jobs.every(job => typeof job === 'string')).toBe(true);
    expect(new Set(jobs).size).toBeLessThan(jobs.length);
  });
});
