import { images, sharedService, testPodman, until } from '@podman-api/testing';
import { ownName, startContainer } from '@podman-api/testing/containers';
import { describe, expect, it } from 'vitest';

const get = (path: string) => sharedService().call('GET', path);
const isWaiting = async (name: string) => {
  const jobs = (await get(`/jobs?operation=container.wait&container=${name}&status=running`)).field('jobs');
  return Array.isArray(jobs) && jobs.length > 0;
};

describe('GET /containers/:name/wait', () => {
  it('returns the exit code when the container ends, and at once afterwards', async () => {
    const name = await startContainer(images.plain, 'sh', '-c', "trap 'exit 7' TERM; while :; do sleep 0.1; done");
    expect(await get(`/containers/${name}/wait?condition=running`)).toMatchObject({
      status: 200,
      body: { container: { name, condition: 'running', exit_code: null } },
    });
    const waiting = get(`/containers/${name}/wait?condition=stopped`);
    await until(() => isWaiting(name));
    await testPodman().run(['kill', '--signal=TERM', '--', name]);
    const ended = { status: 200, body: { container: { name, condition: 'stopped', exit_code: 7 } } };
    expect(await waiting).toMatchObject(ended);
    expect(await get(`/containers/${name}/wait`)).toMatchObject(ended);

    const starting = get(`/containers/${name}/wait?condition=running`);
    await until(() => isWaiting(name));
    await testPodman().run(['start', '--', name]);
    expect((await starting).status).toBe(200);

    const removed = get(`/containers/${name}/wait`);
    await until(() => isWaiting(name));
    // Removed before podman reports that it has stopped, or afterwards.
    await testPodman().run(['rm', '--force', '--time=0', '--', name]);
    expect([200, 404]).toContain((await removed).status);
  });

  it('returns 404 when the container is removed', async () => {
    const name = ownName();
    await testPodman().run(['create', `--name=${name}`, '--', images.plain, 'true']);
    const waiting = get(`/containers/${name}/wait?condition=running`);
    await until(() => isWaiting(name));
    await testPodman().run(['rm', '--', name]);
    expect(await waiting).toMatchObject({ status: 404, body: { error: { message: `There is no container ${name}.` } } });
    expect((await get(`/containers/${name}/wait`)).status).toBe(404);
  });

  it('waits for a health check, and returns 409 without one', async () => {
    const name = ownName();
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

  it('returns 408 when the wait of the request ends first, and 400 for an unknown condition', async () => {
    const name = await startContainer(images.plain);
    const { body } = await sharedService().call('GET', `/containers/${name}/wait`, undefined, { Prefer: 'wait=1' });
    expect(body).toMatchObject({ error: { code: 408, job: { status: 'running' } } });
    expect(await get(`/containers/${name}/wait?condition=gone`)).toMatchObject({
      status: 400,
      body: { error: { details: [{ path: 'condition' }] } },
    });
  });
});
