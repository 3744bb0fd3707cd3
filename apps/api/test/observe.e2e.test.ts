import { callAllNodes, findLimitsWarning, images, sharedService, skipWithoutLimits, testPodman, until } from '@podman-api/testing';
import { startContainer, uniqueContainerName } from '@podman-api/testing/containers';
import { describe, expect, it } from 'vitest';

/** Whether podman can read statistics, which need the same cgroups as limits. */
const hasStats = findLimitsWarning() === undefined;

const get = (path: string) => sharedService().call('GET', path);
const isWaiting = async (name: string) => {
  const jobs = (await get(`/jobs?operation=container.wait&container=${name}&status=running`)).field('jobs');
  return Array.isArray(jobs) && jobs.length > 0;
};

describe('GET /containers/:name/wait', () => {
  it('returns the exit code when the container ends, and at once afterwards', async () => {
    const name = await startContainer(images.plain, 'sh', '-c', "trap 'exit 7' TERM; echo ready; while :; do sleep 0.1; done");
    await until(async () => (await testPodman().run(['logs', '--', name])) === 'ready\n');
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

  it('returns 408 when the wait of the request ends first, and 400 for an unknown condition', async () => {
    const name = await startContainer(images.plain);
    // A busy worker may not begin the job within a second: it is withdrawn then.
    for (let wait = 1; ; wait *= 2) {
      const { field } = await sharedService().call('GET', `/containers/${name}/wait`, undefined, { Prefer: `wait=${wait}` });
      expect(field('error.code')).toBe(408);
      const status = field('error.job.status');
      if (status === 'running') break;
      expect(status).toBe('withdrawn');
    }
    expect(await get(`/containers/${name}/wait?condition=gone`)).toMatchObject({
      status: 400,
      body: { error: { details: [{ path: 'condition' }] } },
    });
  });
});

describe('GET /containers/:name/top, /stats and /changes', () => {
  it('return what runs in a container, what it uses and what it changed', async () => {
    const name = await startContainer(images.plain, 'sh', '-c', 'echo x > "/new file"\nrm /etc/group\nexec sleep 600');
    await until(async () => String((await get(`/containers/${name}/top`)).field('container.processes.0.command')).startsWith('sleep'));
    expect(await get(`/containers/${name}/top`)).toMatchObject({
      status: 200,
      body: { container: { name, processes: [{ pid: 1, ppid: 0, user: 'root', command: 'sleep 600' }], truncated: false } },
    });
    expect(await get(`/containers/${name}/stats`)).toMatchObject(
      hasStats ? { status: 200, body: { stats: { name, pids: 1 } } } : { status: 409, body: { error: { type: 'ConflictError' } } },
    );
    const { status, body } = await get(`/containers/${name}/changes`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      container: { name, truncated: false, changes: expect.arrayContaining([{ path: '/new file', kind: 'added' }]) },
    });
    expect(body).toMatchObject({ container: { changes: expect.arrayContaining([{ path: '/etc/group', kind: 'deleted' }]) } });
  });

  it.each(['top', 'stats', 'changes'])('%s returns 404 for a container that does not exist', async verb => {
    // Without root on cgroups v1, podman refuses before it looks for the container.
    expect((await get(`/containers/nowhere-to-be-seen/${verb}`)).status).toBe(verb !== 'stats' || hasStats ? 404 : 409);
  });
});

describe('POST /containers/:name/update and /commit', () => {
  const post = (path: string, body: object) => sharedService().call('POST', path, body);

  it('change the limits of a container, and make an image of it without its variables', async context => {
    skipWithoutLimits(context);
    const [name, reference] = [uniqueContainerName(), `${uniqueContainerName()}/app:1`];
    const created = { image: images.plain, name, network: 'none', command: 'sleep 600', memory: '64m', environment: { SECRET: 'canary' } };
    expect((await post('/containers', created)).status).toBe(201);
    expect(await post(`/containers/${name}/update`, { memory: '128m', cpus: 0.5 })).toMatchObject({
      status: 200,
      body: { container: { name, memory: 128 * 1024 ** 2, cpus: 0.5, persistent: expect.any(Boolean) } },
    });
    const limit = 'cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max 2>/dev/null';
    const read = await post(`/containers/${name}/exec`, { command: limit });
    expect(read.field('execution.stdout')).toBe(`${128 * 1024 ** 2}\n`);
    expect((await post(`/containers/${name}/update`, { memory: 4096 })).status).toBe(409);
    expect(await post(`/containers/${name}/update`, {})).toMatchObject({ status: 400 });

    const body = { reference, message: 'a test', author: 'me', changes: ['CMD ["echo", "hi"]'] };
    const committed = await post(`/containers/${name}/commit`, body);
    expect(committed).toMatchObject({ status: 201, body: { image: { reference: `localhost/${reference}` } } });
    expect((await get(`/containers/${name}`)).field('container.status')).toBe('running');
    const podman = testPodman();
    const config = await podman.run(['image', 'inspect', '--format={{json .Config}} {{.Comment}} {{.Author}}', `localhost/${reference}`]);
    await podman.run(['rmi', '--', `localhost/${reference}`]);
    expect(config).toContain('"Cmd":["echo","hi"]');
    expect(config).toContain('a test me');
    expect(config).not.toContain('canary');
    expect(await post(`/containers/${name}/commit`, { ...body, changes: ['EXPOSE abc'] })).toMatchObject({
      status: 400,
      body: { error: { details: [{ path: 'changes.0' }] } },
    });
    expect(await post(`/containers/${name}/commit`, { reference: 'quay.io/app' })).toMatchObject({ status: 403 });
  });
});

describe('POST /containers/prune', () => {
  it('removes the containers with a label that have stopped, and releases their names', async () => {
    const { call } = sharedService();
    const [ended, running] = [uniqueContainerName(), uniqueContainerName()];
    const create = (name: string, command: string) =>
      call('POST', '/containers', { image: images.plain, name, network: 'none', command, labels: { group: ended } });
    expect((await create(ended, 'true')).status).toBe(201);
    expect((await create(running, 'sleep 600')).status).toBe(201);
    expect((await get(`/containers/${ended}/wait`)).status).toBe(200);
    const prune = () => callAllNodes(call, 'POST', '/containers/prune', { label: `group=${ended}` });
    const pruned = await prune();
    expect(pruned).toMatchObject({ status: 200, body: { containers: [{ name: ended, removed: true, error: null }], unreachable: [] } });
    expect((await get(`/containers/${ended}`)).status).toBe(404);
    expect((await get(`/containers/${running}`)).status).toBe(200);
    expect((await prune()).field('containers')).toEqual([]);
    expect((await create(ended, 'true')).status).toBe(201);
  });
});
