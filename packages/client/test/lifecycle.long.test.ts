import { images, sharedService } from '@podman-api/testing';
import { startContainer, uniqueContainerName } from '@podman-api/testing/containers';
import { describe, expect, it } from 'vitest';
import { createCommandLine } from './command-line.ts';
import { inspectField } from './observe.ts';

const podmanApi = createCommandLine(sharedService().url);

const notThere = 'nowhere-to-be-seen';

describe('stop and start', () => {
  it.each([
    ['start', []],
    ['stop', ['--time', '0']],
    ['restart', ['-t', '0']],
    ['kill', ['-s', 'CONT']],
    ['inspect', []],
  ] as const)('%s exits with 241 for a container that does not exist, after the others', async (command, options) => {
    const name = await startContainer(images.bare);
    const result = await podmanApi.run(command, ...options, notThere, name);
    expect(result).toMatchObject({ code: 241, stdout: expect.stringContaining(name), stderr: expect.stringContaining(notThere) });
  });
});

describe('restart, pause, unpause, kill and rename', () => {
  it('restart starts the main process of each container again', async () => {
    const names = [await startContainer(images.bare), await startContainer(images.bare)] as const;
    const pids = async () => Promise.all(names.map(name => inspectField(name, '.State.Pid')));
    const before = await pids();
    expect(await podmanApi.run('restart', '--time', '0', ...names)).toEqual({ code: 0, stdout: `${names.join('\n')}\n`, stderr: '' });
    for (const pid of await pids()) expect(before).not.toContain(pid);
  });
});

describe('run --entrypoint', () => {
  it('runs without a command', async () => {
    const result = await podmanApi.run('run', '--rm', '--name', uniqueContainerName(), '--entrypoint', 'id', images.busybox);
    expect(result).toEqual({ code: 0, stdout: expect.stringMatching(/^uid=0/), stderr: '' });
  });

  it('becomes the main process of a detached container', async () => {
    const name = uniqueContainerName();
    const result = await podmanApi.run('run', '-d', '--name', name, '--entrypoint', 'sleep', images.busybox, '600');
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(await inspectField(name, '.Path')).toBe('sleep');
    expect(await inspectField(name, '.Args')).toBe('[600]');
  });

  it('removes the entrypoint of the image if it is empty', async () => {
    const name = uniqueContainerName();
    expect(await podmanApi.run('run', '-d', '--name', name, '--entrypoint', '', images.busybox, 'sleep', '600')).toMatchObject({ code: 0 });
    expect(await inspectField(name, '.Path')).toBe('sleep');
    const result = await podmanApi.run('run', '--rm', '--name', uniqueContainerName(), '--entrypoint', '', images.busybox, 'echo', 'a');
    expect(result).toEqual({ code: 0, stdout: 'a\n', stderr: '' });
  });
});

describe('run --restart', () => {
  it('gives a container with --detach its policy', async () => {
    const name = uniqueContainerName();
    const result = await podmanApi.run('run', '-d', '--restart', 'on-failure:2', '--name', name, images.bare, 'sleep', '600');
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(await inspectField(name, '.HostConfig.RestartPolicy')).toBe('{on-failure 2}');
  });
});

describe('a time to live', () => {
  it('is that of --ttl for the container of a run', async () => {
    const name = uniqueContainerName();
    const before = Date.now();
    const running = podmanApi.start('run', '--rm', '--ttl', '600', '--name', name, images.busybox, 'sh', '-c', 'echo started; sleep 600');
    await running.waitForOutput('started');
    const end = Date.parse(String((await sharedService().call('GET', `/containers/${name}`)).field('container.expires_at')));
    // Podman's times are whole seconds.
    expect(end).toBeGreaterThanOrEqual(before + 599_000);
    expect(end).toBeLessThanOrEqual(Date.now() + 600_000);
    running.process.kill('SIGINT');
    expect((await running.result).code).toBe(130);
  });
});

describe('a time to live that expires', () => {
  it('is named by run as the reason why its container no longer exists', async () => {
    const name = uniqueContainerName();
    const result = await podmanApi.run('run', '--ttl', '1', '--name', name, images.busybox, 'sleep', '600');
    expect(result.stderr).toContain(`${name} no longer exists: its time to live (--ttl 1) expired`);
    expect(result.stderr).not.toMatch(/was not (removed|stopped)/);
    // On a busy machine the container may be gone before the command begins, or its end may not be observed.
    expect(result.code).toBeGreaterThanOrEqual(137);
  });

  it('is not named by run if another caller removed the container', async () => {
    const name = uniqueContainerName();
    const running = podmanApi.start('run', '--rm', '--name', name, images.busybox, 'sh', '-c', 'echo started; exec sleep 600');
    await running.waitForOutput('started');
    await podmanApi.run('rm', '--force', name);
    const { stderr } = await running.result;
    expect(stderr).not.toContain('time to live');
    expect(stderr).not.toMatch(/was not (removed|stopped)/);
  });
});
