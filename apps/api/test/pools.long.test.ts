import { images, type Service, startApp, startService, testPodman, until } from '@podman-api/testing';
import { uniqueContainerName } from '@podman-api/testing/containers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestPools, specification, type TestPools } from './pools/test-pools.ts';

let service: Service;
let pools: TestPools;
let worker: ReturnType<typeof startApp>;
beforeAll(async () => {
  service = await startService();
  worker = service.worker;
  pools = createTestPools(service.call);
});
afterAll(async () => {
  await pools.remove();
  if (worker !== service.worker) await worker.end();
  await service.stop();
});
const call: Service['call'] = (...request) => service.call(...request);

describe('POST /containers with pool', () => {
  it('creates a container of the specification if none is idle', async () => {
    const pool = await pools.declare({ size: 0 });
    const name = uniqueContainerName();
    expect(await call('POST', '/containers', { pool, name })).toMatchObject({ status: 201, body: { container: { name, warm: false } } });
    expect((await call('GET', `/containers/${name}`)).field('container.labels')).toMatchObject({ kind: 'pooled' });
  });

  it('gives each of several callers a separate container, with its own name if none is given', async () => {
    const pool = await pools.declare({ size: 2 });
    const created = await Promise.all([1, 2, 3].map(() => call('POST', '/containers', { pool, ttl: 600 })));
    const names = created.map(response => String(response.field('container.name')));
    expect(new Set(names).size).toBe(3);
    expect(new Set(created.map(response => response.field('container.id'))).size).toBe(3);
    for (const name of names) expect((await call('DELETE', `/containers/${name}?force=true`)).status).toBe(200);
  });
});

describe('/pools/:name', () => {
  it('reports why a pool cannot be filled, and health has a warning until it is changed', async () => {
    const pool = await pools.declare({ container: { ...specification, command: ['sh', '-c', 'exit 3'] } });
    await until(async () =>
      JSON.stringify((await call('GET', `/pools/${pool}`)).field('pool.nodes')).includes('An idle container exited with 3'),
    );
    expect((await call('GET', '/health')).field('status')).toBe('degraded');
    await call('PUT', `/pools/${pool}`, { size: 0, container: { image: images.busybox } });
    await until(async () => (await call('GET', '/health')).field('status') === 'healthy');
  });

  it('replaces idle containers when the specification changes, and removes them with the pool', async () => {
    const pool = await pools.declare();
    const [former] = await pools.idleOf(pool);
    const container = { ...specification, command: ['sleep', '601'] };
    expect(await call('PUT', `/pools/${pool}`, { size: 1, container })).toMatchObject({ status: 200 });
    await until(async () => {
      const idle = await pools.idleOf(pool);
      return idle.length === 1 && idle[0]?.id !== former?.id;
    });
    expect(await call('DELETE', `/pools/${pool}`)).toMatchObject({ status: 200, body: { pool: { name: pool, removed: true } } });
    await until(async () => (await pools.idleOf(pool)).length === 0);
    expect(await call('GET', `/pools/${pool}`)).toMatchObject({ status: 404 });
  });

  it('replaces idle containers when the policy of the node changes, and reports what it forbids', async () => {
    const pool = await pools.declare();
    const restart = async (env: Service['env']) => {
      worker.process.kill('SIGTERM');
      await worker.ended;
      worker = startApp('worker', env);
    };
    await restart({ ...service.env, ALLOWED_IMAGES: 'localhost/other' });
    await until(async () => (await pools.idleOf(pool)).length === 0);
    await until(async () => JSON.stringify((await call('GET', `/pools/${pool}`)).field('pool.nodes')).includes('ALLOWED_IMAGES'));
    expect(await call('POST', '/containers', { pool })).toMatchObject({ status: 403 });
    await restart(service.env);
    await until(async () => (await call('GET', `/pools/${pool}`)).field('pool.idle') === 1);
  });

  it('keeps idle and claimed containers when a worker is killed and another one starts', async () => {
    const pool = await pools.declare({ size: 2 });
    const name = uniqueContainerName();
    const created = await call('POST', '/containers', { pool, name, labels: { team: 'ci' } });
    worker.process.kill('SIGKILL');
    await worker.ended;
    worker = startApp('worker', service.env);

    // The new worker renames the containers that the killed one had not renamed yet.
    const podman = testPodman();
    await until(async () => (await podman.run(['ps', '--all', '--format={{.Names}}'])).split('\n').includes(name));
    const isFull = async () => (await call('GET', `/pools/${pool}`)).field('pool.idle') === 2;
    await until(isFull);
    // The killed worker may have renamed and filled everything itself, while the new one has not started yet.
    const read = () => call('GET', `/containers/${name}`);
    await until(async () => (await read()).status !== 503);
    expect(await read()).toMatchObject({
      status: 200,
      body: { container: { id: created.field('container.id'), name, labels: { team: 'ci' } } },
    });
    expect((await pools.idleOf(pool)).map(({ id }) => id)).not.toContain(created.field('container.id'));
  });
});
