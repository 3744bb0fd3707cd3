import { callAllNodes, images, testPodman, until } from '@podman-api/testing';
import { uniqueContainerName } from '@podman-api/testing/containers';
import { describe, expect, it } from 'vitest';
import type { SharedTokens } from './shared-tokens.ts';
import { withToken } from './token-service.ts';

/** Registers the tests of quotas. */
export function testQuotas(shared: SharedTokens): void {
  describe('the quotas of a token', () => {
    const run = { image: images.busybox, command: 'sleep 300', memory: '32m', network: 'none' };

    // Steps: a token is made with quotas; its one container is created; nothing more is allowed until the container is removed,
    // by the API or by another program.
    it('hold in all API processes, and count each container until it is removed', async () => {
      const { tokens, second } = shared;
      const { service, runToken } = tokens;
      const quotas = ['--max-containers', '1', '--max-memory', '64m', '--max-cpus', '0.5', '--max-running-jobs', '3', '--max-ttl', '1h'];
      const { text: token } = await runToken('create', 'limited', '--scopes', 'containers:write', ...quotas);
      const [call, other] = [withToken(service.call, token), withToken(second.call, token)];
      await until(async () => (await other('GET', '/tokens/self')).status === 200);
      await until(async () => (await call('GET', '/tokens/self')).status === 200);
      const usage = async () => (await other('GET', '/tokens/self')).field('token.usage');
      const nothing = { containers: 0, memory: 0, cpus: 0 };
      expect((await call('GET', '/tokens/self')).body).toMatchObject({
        token: {
          name: 'limited',
          scopes: ['containers:write'],
          expires_at: null,
          quotas: { max_containers: 1, max_memory: 67_108_864, max_cpus: 0.5, max_running_jobs: 3, max_ttl: 3600 },
          usage: { ...nothing, running_jobs: 0 },
        },
      });
      const unlimited = await call('POST', '/containers', { ...run, name: uniqueContainerName() });
      expect(unlimited.body).toMatchObject({ error: { type: 'ForbiddenError', details: [{ path: 'cpus', message: expect.any(String) }] } });

      const name = uniqueContainerName();
      const startedAt = Date.now();
      const created = await call('POST', '/containers', { ...run, cpus: 0.25, name, ttl: 86_400 });
      expect(created.status).toBe(201);
      expect(await usage()).toMatchObject({ containers: 1, memory: 33_554_432, cpus: 0.25 });
      const listed = (await callAllNodes(call, 'GET', `/containers?name=${name}`)).field('containers.0.expires_at');
      expect(Date.parse(String(listed)) - startedAt).toBeLessThan(3_700_000);
      const refused = await other('POST', '/containers', { ...run, cpus: 0.25, name: uniqueContainerName() });
      expect([refused.status, refused.field('error.message')]).toEqual([403, expect.stringContaining('The quota max_containers=1 of')]);
      expect((await other('POST', '/containers?dry_run=true', { ...run, cpus: 0.25, name: uniqueContainerName() })).status).toBe(200);
      expect((await call('DELETE', `/containers/${name}?force=true`)).status).toBe(200);
      expect(await usage()).toMatchObject(nothing);

      // The container of a run counts while the run lasts.
      const ran = await call('POST', '/runs', { ...run, cpus: 0.25, command: ['echo', 'one'] });
      expect([ran.status, ran.field('run.stdout')]).toEqual([200, 'one\n']);
      expect((await call('POST', '/runs', { ...run, command: ['echo', 'one'] })).status).toBe(403);
      const batch = await call('POST', '/runs/batch', { runs: [{ ...run, command: ['echo', 'one'] }] });
      expect(batch.body).toMatchObject({ error: { type: 'ForbiddenError', details: [{ path: 'cpus' }] } });
      expect(await usage()).toMatchObject(nothing);

      const failed = await other('POST', '/containers', {
        ...run,
        cpus: 0.25,
        name: uniqueContainerName(),
        image: 'localhost/podman-api/none',
      });
      expect(failed.status).toBe(404);
      // The reservations of an ended job are released just after its response.
      const hasReleased = async () => JSON.stringify(await usage()) === JSON.stringify({ ...nothing, running_jobs: 0 });
      await until(hasReleased);
      const removed = uniqueContainerName();
      expect((await other('POST', '/containers', { ...run, cpus: 0.25, name: removed })).status).toBe(201);
      await testPodman().run(['rm', '--force', '--time=0', '--', removed]);
      await until(hasReleased);
    });
  });
}
