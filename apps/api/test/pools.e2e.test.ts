import { callAllNodes, images, sharedService, until } from '@podman-api/testing';
import { uniqueContainerName } from '@podman-api/testing/containers';
import { afterAll, describe, expect, it } from 'vitest';
import { createTestPools, listedIn } from './pools/test-pools.ts';

const { call } = sharedService();
const pools = createTestPools(call);
afterAll(pools.remove);

describe('POST /containers with pool', () => {
  it('takes an idle container once, under its public name and with its labels', async () => {
    const pool = await pools.declare();
    const [idle] = await pools.idleOf(pool);
    const listed = listedIn((await callAllNodes(call, 'GET', '/containers')).field('containers'));
    expect(listed.map(({ id }) => id)).not.toContain(idle?.id);
    expect(await call('DELETE', `/containers/${idle?.name}?force=true`)).toMatchObject({ status: 409 });
    expect(await call('POST', `/containers/${idle?.id}/exec`, { command: 'true' })).toMatchObject({ status: 409 });

    const name = uniqueContainerName();
    const created = await call('POST', '/containers', { pool, name, ttl: 600, labels: { team: 'ci' } });
    expect(created).toMatchObject({ status: 201, body: { container: { id: idle?.id, name, warm: true } } });
    expect(created.headers.get('location')).toBe(`/api/v1/containers/${name}`);

    // Only a command in a session has a parent in the container, which is the fourth field (proc_pid_stat(5)).
    const execution = await call('POST', `/containers/${name}/exec`, { command: ['cat', '/proc/self/stat'] });
    expect(String(execution.field('execution.stdout')).split(' ')[3]).not.toBe('0');
    expect(await call('GET', `/containers/${name}`)).toMatchObject({
      status: 200,
      body: { container: { id: idle?.id, name, labels: { kind: 'pooled', team: 'ci' }, expires_at: expect.any(String) } },
    });
    const byLabel = async () => listedIn((await call('GET', '/containers?label=team=ci')).field('containers'));
    await until(async () => (await byLabel()).some(one => one.name === name));
    await until(async () => (await pools.idleOf(pool)).some(({ id }) => id !== idle?.id));
    expect(await call('DELETE', `/containers/${name}?force=true`)).toMatchObject({ status: 200 });
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
  it('masks the environment, and returns 400 for fields that are decided at the claim', async () => {
    const pool = await pools.declare({ size: 0, container: { image: images.busybox, environment: { KEY: 'pool-secret' } } });
    const { body } = await call('GET', `/pools/${pool}`);
    expect(body).toMatchObject({ pool: { container: { environment: { KEY: '***' } } } });
    const refused = await call('PUT', `/pools/${pool}`, { size: 1, container: { image: images.busybox, ttl: 5, node: 'a' } });
    expect(refused).toMatchObject({ status: 400, body: { error: { details: [{ path: 'container.node' }, { path: 'container.ttl' }] } } });
  });
});
