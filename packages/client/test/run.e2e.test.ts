import { images, sharedService } from '@podman-api/testing';
import { letExit, startContainer, uniqueContainerName } from '@podman-api/testing/containers';
import { describe, expect, it } from 'vitest';
import { createCommandLine } from './command-line.ts';
import { createInProcessRunner } from './in-process.ts';
import { expectCleanInterrupt } from './interrupt.ts';
import { stateOf } from './observe.ts';
import { uniqueSleep } from './processes.ts';
import { unusedAddress } from './unused-address.ts';

const podmanApi = createCommandLine(sharedService().url);
const runInThisProcess = createInProcessRunner(sharedService().url);

describe('run', () => {
  it('passes on the exit code, stdout and stderr of the command, and --rm removes the container', async () => {
    const name = uniqueContainerName();
    const result = await podmanApi.run(
      'run',
      '--rm',
      '--network',
      'none',
      '--name',
      name,
      images.busybox,
      'sh',
      '-c',
      'echo out; echo err >&2; exit 7',
    );
    expect(result).toEqual({ code: 7, stdout: 'out\n', stderr: 'err\n' });
    expect(await stateOf(name)).toBeUndefined();
  });

  it('writes output while the command runs', async () => {
    const name = uniqueContainerName();
    const script = 'echo first; until [ -e /go ]; do usleep 20000; done; echo second';
    const running = podmanApi.start('run', '--rm', '--network', 'none', '--name', name, images.busybox, 'sh', '-c', script);
    await running.waitForOutput('first\n');
    await letExit(name, '/go');
    expect(await running.result).toEqual({ code: 0, stdout: 'first\nsecond\n', stderr: '' });
  });

  it('passes its flags on, and takes the value of a variable from its own environment', async () => {
    const flags = ['--env', 'SECRET', '-e', 'PLAIN=a=b', '--workdir', '/tmp', '--user', '1234', '--label', 'of=test', '--memory', '64m'];
    const command = ['sh', '-c', 'echo $SECRET $PLAIN $PWD $(id -u)'];
    const { run } = createCommandLine(sharedService().url, { SECRET: 'between us' });
    const result = await run('run', '--rm', '--network', 'none', '--name', uniqueContainerName(), ...flags, images.busybox, ...command);
    expect(result).toEqual({ code: 0, stdout: 'between us a=b /tmp 1234\n', stderr: '' });
  });

  it('-i passes on stdin', async () => {
    const result = await podmanApi.shell(
      `printf 'one\\ntwo' | podman-api run --rm -i --name ${uniqueContainerName()} ${images.busybox} wc -c`,
    );
    expect(result).toEqual({ code: 0, stdout: '7\n', stderr: '' });
  });

  it('--detach prints the name and leaves the container running', async () => {
    const name = uniqueContainerName();
    const result = await runInThisProcess('run', '--detach', '--network', 'none', '--name', name, images.busybox, 'sleep', '600');
    expect(result).toEqual({ code: 0, stdout: `${name}\n`, stderr: '' });
    expect(await stateOf(name)).toBe('running');
  });
});

describe('run --rm, interrupted', () => {
  // SIGTERM and other ends are tested in `npm run test:all`.
  it('by SIGINT cancels the job and leaves neither process nor container', () => expectCleanInterrupt('SIGINT', 130));
});

describe('run, on failure', () => {
  it('exits with 241 for a name in use, and leaves the container that has it alone', async () => {
    const name = await startContainer(images.busybox);
    const result = await runInThisProcess('run', '--rm', '--network', 'none', '--name', name, images.busybox, 'true');
    expect(result).toEqual({ code: 241, stdout: '', stderr: expect.stringMatching(/^podman-api: .*in use.*\n$/) });
    expect(await stateOf(name)).toBe('running');
  });

  it('exits with 241 and one line for an image that does not exist', async () => {
    const image = 'localhost/podman-api-test/none';
    const result = await runInThisProcess('run', '--rm', '--pull', 'never', '--name', uniqueContainerName(), image, 'true');
    expect(result).toEqual({ code: 241, stdout: '', stderr: expect.stringMatching(/^podman-api: .*\n$/) });
  });

  it('exits with 244 after --timeout, and removes the container', async () => {
    const name = uniqueContainerName();
    const command = ['sh', '-c', `echo started; exec ${uniqueSleep()}`];
    const result = await runInThisProcess('run', '--rm', '--timeout', '1', '--name', name, images.busybox, ...command);
    // On a busy machine the second may be over before the shell has written anything.
    expect(result).toEqual({
      code: 244,
      stdout: expect.stringMatching(/^(started\n)?$/),
      stderr: expect.stringMatching(/^podman-api: .*\n$/),
    });
    expect(await stateOf(name)).toBeUndefined();
  });
});

describe('podman-api', () => {
  it.each([
    [['run']],
    [['run', 'image']],
    [['run', '--nonsense', 'image', 'true']],
    [['run', '--ttl', 'long', 'image', 'true']],
    [['run', '--detach', '--rm', 'image']],
    [['exec', 'name']],
    [['cp', 'file', 'name']],
    [['jobs', 'shout', 'x']],
    [['nonsense']],
    [[]],
  ])('exits with 240 and one line that names the help for the arguments %j', async args => {
    expect(await runInThisProcess(...args)).toEqual({ code: 240, stdout: '', stderr: expect.stringMatching(/^podman-api: .* See: .*\n$/) });
  });

  it('exits with 240 for an address that is not a URL', async () => {
    expect(await createInProcessRunner('over there')('ps')).toEqual({
      code: 240,
      stdout: '',
      stderr:
        'podman-api: The address "over there" (PODMAN_API_URL) must be an http or https URL without user, query and fragment, such as http://127.0.0.1:5000.\n',
    });
  });

  it('exits with 243 if the connection is refused', async () => {
    const url = unusedAddress();
    const { run } = createCommandLine(url, { PODMAN_API_RETRY_TIMEOUT: '0.3' });
    expect(await run('run', '--rm', images.busybox, 'true')).toEqual({
      code: 243,
      stdout: '',
      stderr: `podman-api: No answer from ${url} (the connection was refused): check that the API is running and that PODMAN_API_URL is right.\n`,
    });
  });
});
