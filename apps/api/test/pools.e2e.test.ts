import { images, sharedService, testPodman, until } from '@podman-api/testing';
import { ownName } from '@podman-api/testing/containers';
import { afterAll, describe, expect, it } from 'vitest';

const { call } = sharedService();
const pools: string[] = [];

/** Declares a pool of busybox containers, which is removed after the tests, and waits until it is full. */
async function declarePool(settings: { readonly size?: number; readonly container?: object } = {}): Promise<string> {
  const name = `p-${ownName().slice(2)}`;
  pools.push(name);
  const container = { image: images.busybox, command: ['sleep', '600'], network: 'none', labels: { kind: 'pooled' } };
  const { status } = await call('PUT', `/pools/${name}`, { size: 1, container, ...settings });
  expect(status).toBe(201);
  const { size = 1 } = settings;
  if (!('container' in settings)) await until(async () => (await call('GET', `/pools/${name}`)).field('pool.idle') === size);
  return name;
}

async function idleOf(pool: string): Promise<readonly { id: string; name: string }[]> {
  const { body } = await call('GET', `/containers?pool=${pool}`);
  return containersOf(body);
}

function containersOf(body: unknown): readonly { id: string; name: string }[] {
  return typeof body === 'object' && body !== null && 'containers' in body && Array.isArray(body.containers) ? body.containers : [];
}

afterAll(async () => {
  const podman = testPodman();
  for (const pool of pools) await call('DELETE', `/pools/${pool}`);
  // A container that was being created when its pool was removed is removed after that.
  const list = () => podman.run(['ps', '--all', '--filter=label=podman-api.pool', '--format={{.Names}}']);
  const isIdle = async () => (await call('GET', '/metrics')).field('workers.0.pools') !== undefined && (await list()) === '';
  await until(isIdle);
});

describe('POST /containers with pool', () => {
  it('takes an idle container once, under its public name and with its labels', async () => {
    const pool = await declarePool();
    // A list may lack a node that was too busy to answer.
    await until(async () => (await idleOf(pool)).length === 1);
    const [idle] = await idleOf(pool);
    const listed = containersOf((await call('GET', '/containers')).body);
    expect(listed.map(({ id }) => id)).not.toContain(idle?.id);

    const name = ownName();
    const created = await call('POST', '/containers', { pool, name, ttl: 600, labels: { team: 'ci' } });
    expect(created).toMatchObject({ status: 201, body: { container: { id: idle?.id, name, warm: true } } });
    expect(created.headers.get('location')).toBe(`/api/v1/containers/${name}`);

    // Only a command in a session has a parent in the container, which is the fourth field (proc_pid_stat(5)).
    const execution = await call('POST', `/containers/${name}/exec`, { command: ['cat', '/proc/self/stat'] });
    expect(String(execution.field('execution.stdout')).split(' ')[3]).not.toBe('0');
    const inspected = await call('GET', `/containers/${name}`);
    expect(inspected).toMatchObject({
      status: 200,
      body: { container: { id: idle?.id, name, labels: { kind: 'pooled', team: 'ci' }, expires_at: expect.any(String) } },
    });
    const byLabel = containersOf((await call('GET', '/containers?label=team=ci')).body);
    expect(byLabel.map(one => one.name)).toContain(name);
    await until(async () => (await idleOf(pool)).some(({ id }) => id !== idle?.id));
    expect(await call('DELETE', `/containers/${name}?force=true`)).toMatchObject({ status: 200 });
  });

  it('creates a container of the specification if none is idle', async () => {
    const pool = await declarePool({ size: 0 });
    const name = ownName();
    const created = await call('POST', '/containers', { pool, name });
    expect(created).toMatchObject({ status: 201, body: { container: { name, warm: false } } });
    expect((await call('GET', `/containers/${name}`)).field('container.labels')).toMatchObject({ kind: 'pooled' });
  });

  it('gives a container without a name its own, and each of several callers another one', async () => {
    const pool = await declarePool({ size: 2 });
    const created = await Promise.all([1, 2, 3].map(() => call('POST', '/containers', { pool, ttl: 600 })));
    const names = created.map(answer => String(answer.field('container.name')));
    expect(new Set(names).size).toBe(3);
    expect(new Set(created.map(answer => answer.field('container.id'))).size).toBe(3);
    for (const name of names) expect((await call('DELETE', `/containers/${name}?force=true`)).status).toBe(200);
  });

  it('returns 400 that names each field which the pool decides', async () => {
    const { status, body } = await call('POST', '/containers', { pool: 'any', image: images.busybox, memory: '64m' });
    expect(status).toBe(400);
    expect(body).toMatchObject({ error: { details: [{ path: 'image' }, { path: 'memory' }] } });
  });

  it('returns 404 for an unknown pool', async () => {
    expect(await call('POST', '/containers', { pool: 'no-such-pool' })).toMatchObject({ status: 404 });
  });
});

describe('/pools/:name', () => {
  it('reports why a pool cannot be filled, and when the next attempt is made', async () => {
    const pool = await declarePool({ container: { image: images.busybox, command: ['sh', '-c', 'exit 3'], network: 'none' }, size: 1 });
    await until(async () => {
      const { body } = await call('GET', `/pools/${pool}`);
      return JSON.stringify(body).includes('An idle container exited with 3');
    });
    expect((await call('GET', '/health')).field('status')).toBe('degraded');
    await call('PUT', `/pools/${pool}`, { size: 0, container: { image: images.busybox } });
    await until(async () => (await call('GET', '/health')).field('status') === 'healthy');
  });

  it('refuses changes of an idle container', async () => {
    const pool = await declarePool();
    await until(async () => (await idleOf(pool)).length === 1);
    const [idle] = await idleOf(pool);
    expect(await call('DELETE', `/containers/${idle?.name}?force=true`)).toMatchObject({ status: 409 });
    expect(await call('POST', `/containers/${idle?.id}/exec`, { command: 'true' })).toMatchObject({ status: 409 });
    expect(await call('GET', `/containers/${idle?.id}`)).toMatchObject({ status: 200 });
  });

  it('replaces idle containers when the specification changes, and removes them with the pool', async () => {
    const pool = await declarePool();
    await until(async () => (await idleOf(pool)).length === 1);
    const [former] = await idleOf(pool);
    const container = { image: images.busybox, command: ['sleep', '601'], network: 'none' };
    expect(await call('PUT', `/pools/${pool}`, { size: 1, container })).toMatchObject({ status: 200 });
    await until(async () => {
      const idle = await idleOf(pool);
      return idle.length === 1 && idle[0]?.id !== former?.id;
    });
    expect(await call('DELETE', `/pools/${pool}`)).toMatchObject({ status: 200, body: { pool: { name: pool, removed: true } } });
    await until(async () => (await idleOf(pool)).length === 0);
    expect(await call('GET', `/pools/${pool}`)).toMatchObject({ status: 404 });
    pools.splice(pools.indexOf(pool), 1);
  });

  it('masks the environment, and returns 400 for fields that are decided at the claim', async () => {
    const pool = await declarePool({ size: 0, container: { image: images.busybox, environment: { KEY: 'pool-secret' } } });
    const { body } = await call('GET', `/pools/${pool}`);
    expect(body).toMatchObject({ pool: { container: { environment: { KEY: '***' } } } });
    const refused = await call('PUT', `/pools/${pool}`, { size: 1, container: { image: images.busybox, ttl: 5, node: 'a' } });
    expect(refused).toMatchObject({ status: 400, body: { error: { details: [{ path: 'container.node' }, { path: 'container.ttl' }] } } });
  });
});
