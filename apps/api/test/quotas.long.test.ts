import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { openAuditLog } from '@podman-api/runtime';
import { images, startFleet, until } from '@podman-api/testing';
import { expect, it } from 'vitest';
import { createToken } from '../src/tokens/commands.ts';
import { withToken } from './tokens/token-service.ts';

// Steps: 200 creates at once through two API processes; the containers are counted on the nodes. A worker is killed, its
// containers are removed by podman itself, and its successor finds that out. At last Redis forgets the counts.
it('the quota max_containers holds for 200 creates at once on three nodes', async () => {
  const fleet = await startFleet({ a: {}, b: {}, c: {} });
  try {
    const file = fleet.env['API_TOKENS_FILE'] ?? '';
    const audit = openAuditLog({ AUDIT_LOG: fleet.env['AUDIT_LOG'], STATE_DIR: join(file, '..') });
    const token = createToken(file, audit, 'limited', { scopes: 'admin', quotas: { max_containers: '10' } });
    const calls = fleet.apis.map(({ call }) => withToken(call, token));
    const [call = fleet.call] = calls;
    for (const one of calls) await until(async () => (await one('GET', '/tokens/self')).status === 200);
    const body = () => ({ image: images.busybox, name: `q-${randomBytes(6).toString('hex')}`, command: 'sleep 600', network: 'none' });
    const wait = { Prefer: 'wait=300' };
    const responses = await Promise.all(
      Array.from({ length: 200 }, (_, index) => (index % 2 === 0 ? call : (calls[1] ?? call))('POST', '/containers', body(), wait)),
    );
    const withStatus = (status: number) => responses.filter(response => response.status === status).length;
    expect([withStatus(201), withStatus(403)]).toEqual([10, 190]);
    const idsOf = async () => Promise.all(fleet.nodes.map(({ podman }) => podman.run(['ps', '--all', '--quiet'])));
    expect((await idsOf()).join('').split('\n').filter(Boolean)).toHaveLength(10);
    const used = async () => (await call('GET', '/tokens/self')).field('token.usage.containers');
    expect(await used()).toBe(10);

    const [node] = fleet.nodes;
    if (!node) throw new Error('the fleet has no nodes');
    const count = (await node.podman.run(['ps', '--all', '--quiet'])).split('\n').filter(Boolean).length;
    await node.worker.end('SIGKILL');
    await node.podman.run(['rm', '--all', '--force', '--time=0']);
    node.restart();
    await until(async () => (await used()) === 10 - count);

    await fleet.redis.sendToAllMasters('FLUSHALL');
    await until(async () => (await used()) === 10 - count);
  } finally {
    await fleet.stop();
  }
});
