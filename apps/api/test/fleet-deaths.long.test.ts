import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { images, startFleet, type TestFleet, until } from '@podman-api/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let fleet: TestFleet;
beforeAll(async () => {
  writeFileSync(join(folder, 'podman'), hanging, { mode: 0o755 });
  fleet = await startFleet({ a: {}, b: { PATH: `${folder}:${process.env['PATH']}` } });
});
afterAll(() => fleet.stop());
afterAll(() => rmSync(folder, { recursive: true }));

/** The podman of node b hangs in `ps` while a file exists, as podman does behind its lock (podman#19824). */
const folder = mkdtempSync(join(tmpdir(), 'podman-api-test-'));
const held = join(folder, 'held');
const hanging = `#!/bin/sh
case $* in 'ps --all'*) while [ -e ${held} ]; do sleep 0.1; done ;; esac
PATH=\${PATH#*:}
exec podman "$@"
`;

const call: TestFleet['call'] = (...request) => fleet.call(...request);
const newName = () => `f-${randomBytes(5).toString('hex')}`;
const create = (node: string, extraFields: object = {}) =>
  call('POST', '/containers', { image: images.plain, network: 'none', command: 'sleep 600', name: newName(), node, ...extraFields });
const nodeB = () => {
  const [, node] = fleet.nodes;
  if (!node) throw new Error('there is no second node');
  return node;
};
const statusOf = async (node: string) => (await call('GET', `/nodes/${node}`)).field('node.status');

describe('a node whose only worker dies', () => {
  it('is named in lists and answers 503 until a worker is back', async () => {
    const name = String((await create('b')).field('container.name'));
    const other = String((await create('a')).field('container.name'));
    const running = call('POST', `/containers/${name}/exec`, { command: 'sleep 300' });
    await until(async () => (await call('GET', '/jobs?status=running&operation=container.exec')).field('jobs.0.container') === name);
    await nodeB().worker.end('SIGKILL');

    // It still counts as alive; its job is given up because no worker takes it and no heartbeat comes.
    const list = await call('GET', '/containers');
    expect(list).toMatchObject({ status: 200, body: { unreachable: ['b'] } });
    expect(JSON.stringify(list.field('containers'))).toContain(other);

    await until(async () => (await statusOf('b')) === 'offline');
    const after = await call('GET', '/containers');
    expect(after).toMatchObject({ status: 200, body: { unreachable: ['b'] } });
    expect(await call('GET', `/containers/${name}`)).toMatchObject({
      status: 503,
      body: { error: { message: expect.stringContaining('node b') } },
    });
    expect(await create('b')).toMatchObject({ status: 503 });
    expect((await create('a', { name })).status).toBe(409);
    expect(await running).toMatchObject({ status: 500, body: { error: { message: expect.stringContaining('outcome is unknown') } } });
    // A name that no node has is 404, although one node does not answer: it is known to be offline.
    expect((await call('GET', '/containers/not-there')).status).toBe(404);

    nodeB().restart();
    await until(async () => (await call('GET', `/containers/${name}`)).field('container.node') === 'b');
    expect(await call('GET', '/containers')).toMatchObject({ status: 200, body: { unreachable: [] } });
  });
});

describe('a node whose podman hangs', () => {
  it('is named in the list of every caller', async () => {
    writeFileSync(held, '');
    const together = '/containers?fresh=true';
    const lists = [call('GET', together), call('GET', together)];
    for (const list of await Promise.all(lists)) expect(list).toMatchObject({ status: 200, body: { unreachable: ['b'] } });
    rmSync(held);
    await until(async () => JSON.stringify((await call('GET', '/containers')).field('unreachable')) === '[]');
  });
});

describe('the directory', () => {
  it('releases a name that a dead API process had reserved for a job which it did not create', async () => {
    const name = newName();
    const job = `a_${(Date.now() - 11_000).toString(16).padStart(12, '0')}${'e'.repeat(16)}`;
    await fleet.redis.sendCommand('ZADD', 'podman-api:{fleet}:names', '0', `${name} a ${job}`);
    await fleet.redis.sendCommand('HSET', 'podman-api:{fleet}:containers:a', job, name);
    expect((await create('b', { name })).status).toBe(201);
  });

  it('drops an entry whose container does not exist', async () => {
    const name = newName();
    await fleet.redis.sendCommand('ZADD', 'podman-api:{fleet}:names', '0', `${name} a 0123456789ab`);
    await fleet.redis.sendCommand('ZADD', 'podman-api:{fleet}:ids', '0', `0123456789ab a ${name}`);
    await fleet.redis.sendCommand('HSET', 'podman-api:{fleet}:containers:a', '0123456789ab', name);
    expect((await call('GET', `/containers/${name}`)).status).toBe(404);
    expect((await create('b', { name })).status).toBe(201);
  });

  it('corrects entries that name the wrong node or an old name', async () => {
    const name = newName();
    const put = async (node: string, id: string) => {
      await fleet.redis.sendCommand('ZADD', 'podman-api:{fleet}:names', '0', `${name} ${node} ${id}`);
      await fleet.redis.sendCommand('ZADD', 'podman-api:{fleet}:ids', '0', `${id} ${node} ${name}`);
      await fleet.redis.sendCommand('HSET', `podman-api:{fleet}:containers:${node}`, id, name);
    };
    const id = String((await create('b', { name })).field('container.id'));
    await fleet.redis.sendCommand('ZREM', 'podman-api:{fleet}:names', `${name} b ${id}`);
    await put('a', '0123456789ab');
    expect((await call('GET', `/containers/${name}`)).field('container.node')).toBe('b');
    await put('a', '0123456789ab');
    expect((await call('GET', `/containers/${name}`)).field('container.node')).toBe('b');
    // Renamed by podman; the directory still has the old name.
    await put('b', id);
    await nodeB().podman.run(['rename', name, `${name}-new`]);
    expect((await create('a', { name })).status).toBe(201);
  });

  it('is rebuilt after Redis has lost it', async () => {
    const name = String((await create('b')).field('container.name'));
    await fleet.redis.sendCommand(
      'DEL',
      'podman-api:{fleet}:names',
      'podman-api:{fleet}:ids',
      'podman-api:{fleet}:containers:a',
      'podman-api:{fleet}:containers:b',
    );
    expect((await call('GET', `/containers/${name}`)).field('container.node')).toBe('b');
    await until(async () => (await fleet.redis.sendCommand('ZRANGE', 'podman-api:{fleet}:names', '0', '-1')).includes(`${name} b `));
  });

  it('follows podman’s events again after the process that follows them has died', async () => {
    const [{ podman, worker } = nodeB()] = fleet.nodes;
    const followers = fleet.childrenOf(worker, 'events');
    expect(followers).toHaveLength(1);
    for (const pid of followers) process.kill(pid, 'SIGKILL');
    const name = newName();
    await podman.run(['run', '--detach', '--network=none', `--name=${name}`, images.plain, 'sleep', '600']);
    await until(async () => (await fleet.redis.sendCommand('ZRANGE', 'podman-api:{fleet}:names', '0', '-1')).includes(`${name} a `));
    await podman.run(['rename', name, `${name}-new`]);
    await until(async () => (await fleet.redis.sendCommand('ZRANGE', 'podman-api:{fleet}:names', '0', '-1')).includes(`${name}-new a `));
  });
});

describe('DELETE /nodes/:name', () => {
  it('forgets an offline node and returns 409 for one that is alive', async () => {
    expect((await call('DELETE', '/nodes/b')).status).toBe(409);
    const name = String((await create('b')).field('container.name'));
    await nodeB().worker.end();
    await until(async () => (await statusOf('b')) === 'offline');
    expect((await call('DELETE', '/nodes/b')).body).toMatchObject({ success: true, node: { name: 'b', removed: true } });
    expect((await call('GET', '/nodes')).field('nodes.1')).toBeUndefined();
    expect((await call('GET', `/containers/${name}`)).status).toBe(404);
    expect((await call('GET', '/containers')).field('unreachable')).toEqual([]);
  });
});
