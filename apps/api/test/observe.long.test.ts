import { images, sharedService, testPodman, until } from '@podman-api/testing';
import { startContainer, uniqueContainerName } from '@podman-api/testing/containers';
import { describe, expect, it } from 'vitest';

const get = (path: string) => sharedService().call('GET', path);
const isWaiting = async (name: string) => {
  const jobs = (await get(`/jobs?operation=container.wait&container=${name}&status=running`)).field('jobs');
  return Array.isArray(jobs) && jobs.length > 0;
};

describe('GET /containers/:name/wait', () => {
  it('returns 404 when the container is removed', async () => {
    const name = uniqueContainerName();
    await testPodman().run(['create', `--name=${name}`, '--', images.plain, 'true']);
    const waiting = get(`/containers/${name}/wait?condition=running`);
    await until(() => isWaiting(name));
    await testPodman().run(['rm', '--', name]);
    expect(await waiting).toMatchObject({ status: 404, body: { error: { message: `There is no container ${name}.` } } });
    expect((await get(`/containers/${name}/wait`)).status).toBe(404);
  });

  it('waits for a health check, and returns 409 without one', async () => {
    const name = uniqueContainerName();
    const check = ['--health-cmd=test -f /ok', '--health-interval=disable', '--health-retries=1'];
    await testPodman().run(['run', '--detach', `--name=${name}`, '--network=none', ...check, '--', images.plain, 'sleep', '600']);
    const waiting = get(`/containers/${name}/wait?condition=healthy`);
    await until(() => isWaiting(name));
    await testPodman().run(['exec', '--', name, 'touch', '/ok']);
    await testPodman().run(['healthcheck', 'run', name]);
    expect(await waiting).toMatchObject({ status: 200, body: { container: { name, condition: 'healthy', exit_code: null } } });
    expect((await get(`/containers/${name}/wait?condition=healthy`)).status).toBe(200);
    const without = await startContainer(images.plain);
    expect(await get(`/containers/${without}/wait?condition=healthy`)).toMatchObject({
      status: 409,
      body: { error: { message: expect.stringContaining('no health check') } },
    });
  });
});

describe('GET /containers/:name/top, /stats and /changes', () => {
  it.each(['top', 'stats'])('%s returns 409 for a container that does not run', async verb => {
    const name = uniqueContainerName();
    await testPodman().run(['create', `--name=${name}`, '--', images.plain, 'true']);
    expect(await get(`/containers/${name}/${verb}`)).toMatchObject({
      status: 409,
      body: { error: { message: 'The container is not running: start it first.' } },
    });
  });
});

describe('POST /containers/prune', () => {
  it('is one job for an Idempotency-Key, on a single node', async () => {
    const key = { 'Idempotency-Key': uniqueContainerName() };
    const prune = (label: string) => sharedService().call('POST', '/containers/prune', { label }, key);
    const first = await prune('none');
    expect(first.status).toBe(200);
    expect((await prune('none')).field('job_id')).toBe(first.field('job_id'));
    expect((await prune('other')).status).toBe(422);
  });
});
