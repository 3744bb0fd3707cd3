import { callAllNodes, images, sharedService, testPodman, until } from '@podman-api/testing';
import { startContainer, uniqueContainerName } from '@podman-api/testing/containers';
import { describe, expect, it } from 'vitest';

const { call } = sharedService();
const podman = testPodman();
const statusIn = async (name: string) => (await callAllNodes(call, 'GET', `/containers?name=${name}`)).field('containers.0.status');

// fleet.e2e.test.ts tests lists of several nodes, and by another API process than the change.
describe('GET /containers', () => {
  it('shows changes that others make with podman at once', async () => {
    const name = uniqueContainerName();
    expect(await statusIn(name)).toBeUndefined();
    await podman.run(['run', '--detach', '--network=none', `--name=${name}`, images.plain, 'sleep', '600']);
    expect(await statusIn(name)).toBe('running');
    await podman.run(['stop', '--time=0', name]);
    // Podman's late clean-up turns "stopped" into "exited".
    expect(['exited', 'stopped']).toContain(await statusIn(name));
    const renamed = uniqueContainerName();
    await podman.run(['rename', name, renamed]);
    expect(['exited', 'stopped']).toContain(await statusIn(renamed));
    expect(await statusIn(name)).toBeUndefined();
    await podman.run(['rm', renamed]);
    expect(await statusIn(renamed)).toBeUndefined();
  });

  it('shows podman’s status of a container that has ended by itself', async () => {
    const name = await startContainer(images.plain, 'sleep', '1');
    await until(async () => {
      const status = (await podman.run(['inspect', '--format={{.State.Status}}', '--', name])).trim();
      return status !== 'running' && status === (await statusIn(name));
    });
  });

  it('shows every caller the containers that existed before the request', async () => {
    const lists: Promise<unknown>[] = [];
    for (const name of Array.from({ length: 2 }, () => uniqueContainerName())) {
      await call('POST', '/containers', { image: images.plain, network: 'none', command: 'sleep 600', name });
      for (let caller = 0; caller < 10; caller += 1) lists.push(statusIn(name));
    }
    expect(await Promise.all(lists)).toEqual(lists.map(() => 'running'));
  });
});
