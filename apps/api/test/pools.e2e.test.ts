import { images, sharedService, until } from '@podman-api/testing';
import { ownName } from '@podman-api/testing/containers';
import { afterAll, describe, expect, it } from 'vitest';

const { call } = sharedService();
const pools: string[] = [];

/** Declares a pool of busybox containers, which is removed after the tests, and waits until it is full. */
async function declarePool(settings: object = {}): Promise<string> {
  const name = `p-${ownName().slice(2)}`;
  pools.push(name);
  const container = { image: images.busybox, command: ['sleep', '600'], network: 'none', labels: { kind: 'pooled' } };
  const { status } = await call('PUT', `/pools/${name}`, { size: 1, container, ...settings });
  expect(status).toBe(201);
  await until(async () => (await call('GET', `/pools/${name}`)).field('pool.idle') === 1);
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
  for (const pool of pools) await call('DELETE', `/pools/${pool}`);
  for (const pool of pools) await until(async () => (await idleOf(pool)).length === 0);
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

    const execution = await call('POST', `/containers/${name}/exec`, { command: 'echo hello' });
    expect(execution.field('execution.stdout')).toBe('hello\n');
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
});
