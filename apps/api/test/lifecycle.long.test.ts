import { images, sharedService, skipWithoutLimits, testPodman } from '@podman-api/testing';
import { startContainer, uniqueContainerName } from '@podman-api/testing/containers';
import { describe, expect, it } from 'vitest';

const post = (path: string, body?: object) => sharedService().call('POST', path, body);
const conflict = (text: string) => ({ status: 409, body: { error: { type: 'ConflictError', message: expect.stringContaining(text) } } });

describe('POST /containers/:name/pause and /unpause', () => {
  it('return 409 for a container that is stopped', async context => {
    skipWithoutLimits(context);
    const name = await startContainer(images.plain);
    expect((await post(`/containers/${name}/stop?timeout=0`)).status).toBe(200);
    for (const verb of ['pause', 'unpause', 'kill'])
      expect(await post(`/containers/${name}/${verb}`)).toMatchObject(conflict('start it first'));
  });
});

describe('POST /containers/:name/restart', () => {
  it('restarts a container that runs, and starts one that is stopped', async () => {
    const name = await startContainer(images.busybox);
    const exec = async (command: string) => (await post(`/containers/${name}/exec`, { command })).field('execution.stdout');
    const started = () => testPodman().run(['container', 'inspect', '--format={{.State.StartedAt}}', name]);
    await exec('echo kept >/file');
    const before = await started();
    expect(await post(`/containers/${name}/restart?timeout=0`)).toMatchObject({
      status: 200,
      body: { container: { name, status: 'started' } },
    });
    expect(await started()).not.toBe(before);
    expect(await exec('cat /file')).toBe('kept\n');
    expect((await post(`/containers/${name}/stop?timeout=0`)).status).toBe(200);
    expect((await post(`/containers/${name}/restart`)).status).toBe(200);
    expect(await exec('cat /file')).toBe('kept\n');
  });
});

describe('POST /containers/:name/rename', () => {
  it('returns 404 for a container that does not exist, and releases the name', async () => {
    const free = uniqueContainerName();
    expect((await post('/containers/nowhere-to-be-seen/rename', { new_name: free })).status).toBe(404);
    expect((await post('/containers', { image: images.plain, name: free, network: 'none', command: 'sleep 60' })).status).toBe(201);
    expect((await sharedService().call('DELETE', `/containers/${free}?force=true`)).status).toBe(200);
  });
});
