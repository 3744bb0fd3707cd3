import { images, sharedService, startChild, until } from '@podman-api/testing';
import { uniqueContainerName } from '@podman-api/testing/containers';
import { describe, expect, it } from 'vitest';
import { createCommandLine, programPath } from './command-line.ts';
import { expectCleanInterrupt } from './interrupt.ts';
import { findJobs, stateOf } from './observe.ts';
import { processesOf, uniqueSleep } from './processes.ts';

const podmanApi = createCommandLine(sharedService().url);

describe('run', () => {
  it('stops and keeps the container without --rm', async () => {
    const name = uniqueContainerName();
    expect(await podmanApi.run('run', '--name', name, images.bare, 'sleep', '0')).toEqual({ code: 0, stdout: '', stderr: '' });
    // "stopped" until podman's own clean-up has run.
    expect(await stateOf(name)).toMatch(/^(exited|stopped)$/);
  });

  it('takes everything after the image as the command, flags included', async () => {
    const result = await podmanApi.run(
      'run',
      '--rm',
      '--name',
      uniqueContainerName(),
      '--',
      images.busybox,
      'echo',
      '--rm',
      '-e',
      '--',
      'x',
    );
    expect(result).toEqual({ code: 0, stdout: '--rm -e -- x\n', stderr: '' });
  });

  it('-i refuses stdin that is not UTF-8', async () => {
    expect(
      await podmanApi.shell(`printf '\\377' | podman-api run --rm -i --name ${uniqueContainerName()} ${images.busybox} wc -c`),
    ).toEqual({
      code: 240,
      stdout: '',
      stderr: expect.stringContaining('not UTF-8 text'),
    });
  });

  it('shows its progress on a terminal, and overwrites none of the output', async () => {
    const name = uniqueContainerName();
    const result = await podmanApi.shell(
      `script --quiet --return --command "podman-api run --rm --name ${name} ${images.busybox} printf done" /dev/null`,
    );
    expect(result.stdout).toContain(`creating ${name} from ${images.busybox}`);
    expect(result.stdout).toContain(`running in ${name}`);
    expect(result.stdout).toMatch(/done$/);
    expect(result.code).toBe(0);
  });
});

describe('run --rm, interrupted', () => {
  it('by SIGTERM cancels the job and leaves neither process nor container', () => expectCleanInterrupt('SIGTERM', 143));

  it('by the end of npx leaves neither process nor container', async () => {
    const name = uniqueContainerName();
    const sleep = uniqueSleep();
    const env = { PODMAN_API_URL: sharedService().url, PATH: programPath, NPM_CONFIG_OFFLINE: 'true' };
    const args = ['@podman-api/cli', 'run', '--rm', '--name', name, images.busybox, 'sh', '-c', `echo started; exec ${sleep}`];
    const npx = startChild('npx', args, env);
    await npx.waitForOutput('started');
    await npx.end('SIGTERM');
    await until(async () => (await stateOf(name)) === undefined);
    expect(processesOf(sleep)).toEqual([]);
  });

  it('while the container is being created leaves none', async () => {
    const name = uniqueContainerName();
    const sleep = uniqueSleep();
    const running = podmanApi.start('run', '--rm', '--name', name, images.busybox, ...sleep.split(' '));
    await until(async () => JSON.stringify(await findJobs('container.create', name)).includes('"container.create"'));
    running.process.kill('SIGINT');
    expect(await running.result).toMatchObject({ code: 130, stdout: '', stderr: '' });
    expect(await stateOf(name)).toBeUndefined();
    expect(processesOf(sleep)).toEqual([]);
  });

  it('by a reader that closes the pipe ends the command with 141', async () => {
    const name = uniqueContainerName();
    const line = `{ podman-api run --rm --name ${name} ${images.busybox} yes; echo "code $?" >&2; } | head -n 1`;
    expect(await podmanApi.shell(line)).toMatchObject({ code: 0, stdout: 'y\n', stderr: 'code 141\n' });
    expect(await stateOf(name)).toBeUndefined();
  });
});

describe('run, on failure', () => {
  it('exits with 127 for a command that does not exist, as shells do', async () => {
    expect(await podmanApi.run('run', '--rm', '--name', uniqueContainerName(), images.busybox, 'nonsense')).toMatchObject({ code: 127 });
  });
});
