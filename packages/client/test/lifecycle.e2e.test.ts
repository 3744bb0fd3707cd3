import { images, sharedContainer, sharedService, skipWithoutLimits, until } from '@podman-api/testing';
import { letExit, startContainer, uniqueContainerName } from '@podman-api/testing/containers';
import { beforeAll, describe, expect, it } from 'vitest';
import manifest from '../package.json' with { type: 'json' };
import { createCommandLine } from './command-line.ts';
import { createInProcessRunner, runForAllNodes } from './in-process.ts';
import { inspectField } from './observe.ts';

const podmanApi = createCommandLine(sharedService().url);
const run = createInProcessRunner(sharedService().url);

const notThere = 'nowhere-to-be-seen';
/** Podman says `stopped` until it has cleaned up. */
const hasExited = async (name: string) => /^(exited|stopped)$/.test(await inspectField(name, '.State.Status'));

describe('stop, start, restart, pause, unpause and rename', () => {
  let names: readonly [string, string];
  beforeAll(async () => {
    names = [await startContainer(images.bare), await startContainer(images.bare)];
  });

  it('stop and start containers and print their names', async () => {
    expect(await run('stop', '--time', '0', ...names)).toEqual({ code: 0, stdout: `${names.join('\n')}\n`, stderr: '' });
    // "stopped" until podman's own clean-up has run.
    for (const name of names) expect(await inspectField(name, '.State.Status')).toMatch(/^(exited|stopped)$/);
    expect(await run('start', ...names)).toEqual({ code: 0, stdout: `${names.join('\n')}\n`, stderr: '' });
    for (const name of names) expect(await inspectField(name, '.State.Status')).toBe('running');
  });

  it('pause freezes containers, which ps still lists, and unpause continues them', async context => {
    skipWithoutLimits(context);
    const [name] = names;
    expect(await run('pause', name)).toEqual({ code: 0, stdout: `${name}\n`, stderr: '' });
    expect((await runForAllNodes(() => run('ps'))).stdout).toMatch(new RegExp(`^${name} .* paused `, 'm'));
    expect(await run('unpause', name)).toEqual({ code: 0, stdout: `${name}\n`, stderr: '' });
    expect(await inspectField(name, '.State.Status')).toBe('running');
  });

  it('rename prints the new name', async () => {
    const [name] = names;
    const newName = uniqueContainerName();
    expect(await run('rename', name, newName)).toEqual({ code: 0, stdout: `${newName}\n`, stderr: '' });
    expect(await inspectField(newName, '.State.Status')).toBe('running');
    expect(await run('rename', newName, name)).toMatchObject({ code: 0 });
  });

  it.each([
    ['start'],
    ['stop'],
    ['inspect'],
    ['stop', '--time', 'soon', 'x'],
    ['restart', '-t', 'soon', 'x'],
    ['pause'],
    ['rename', 'x'],
    ['rename', 'x', 'y', 'z'],
  ])('exits with 240 for %s %s', async (...args) => {
    expect(await run(...args.filter(arg => arg !== undefined))).toMatchObject({ code: 240, stdout: '' });
  });
});

describe('kill', () => {
  it('sends a signal, SIGKILL by default', async () => {
    const name = await startContainer(images.busybox, 'sh', '-c', 'trap "exit 7" USR1; while :; do usleep 20000; done');
    expect(await run('kill', '--signal', 'no-signal', name)).toMatchObject({
      code: 241,
      stderr: expect.stringContaining('SIGTERM'),
    });
    // Sent until the shell has set its trap: before that, the first process of a container ignores the signal.
    await until(async () => {
      await run('kill', '-s', 'USR1', name);
      return hasExited(name);
    });
    expect(await inspectField(name, '.State.ExitCode')).toBe('7');
    await run('start', name);
    expect(await run('kill', name)).toEqual({ code: 0, stdout: `${name}\n`, stderr: '' });
    await until(() => hasExited(name));
    expect(await inspectField(name, '.State.ExitCode')).toBe('137');
  });
});

describe('wait', () => {
  it('prints the exit code of each container that has stopped', async () => {
    const name = await startContainer(images.busybox, 'sh', '-c', 'until [ -e /go ]; do usleep 20000; done; exit 7');
    const waiting = podmanApi.start('wait', name, notThere);
    expect(await run('wait', '--condition', 'running', name)).toEqual({ code: 0, stdout: 'running\n', stderr: '' });
    await letExit(name, '/go');
    expect(await waiting.result).toEqual({ code: 241, stdout: '7\n', stderr: expect.stringContaining(notThere) });
    expect(await run('wait', '--condition', 'dead', name)).toMatchObject({ code: 240, stdout: '' });
  });
});

describe('inspect', () => {
  it('prints a JSON list', async () => {
    const name = sharedContainer('busybox');
    const { code, stdout } = await run('inspect', name, name);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([
      { name, status: 'running' },
      { name, status: 'running' },
    ]);
  });
});

describe('run -it', () => {
  it('is refused with 125 and a line that says what works', async () => {
    expect(await run('run', '-ti', '--rm', images.busybox, 'sh')).toEqual({
      code: 125,
      stdout: '',
      stderr:
        'podman-api: run has no terminal: start the container with "run -d", and use "exec -it". With -i alone, the command gets all of stdin.\n',
    });
  });
});

describe('run --entrypoint', () => {
  it.each([
    ['a program', ['--entrypoint', 'echo'], ['a', 'b'], 'a b\n'],
    ['a JSON list', ['--entrypoint', '["sh", "-c", "echo $0 $1"]'], ['a', 'b'], 'a b\n'],
  ])('runs %s', async (_what, flags, command, output) => {
    const result = await run('run', '--rm', '--network', 'none', '--name', uniqueContainerName(), ...flags, images.busybox, ...command);
    expect(result).toEqual({ code: 0, stdout: expect.stringMatching(output), stderr: '' });
  });

  it.each(['[]', '[1]', '["sh"', '[""]'])('refuses %j', async entrypoint => {
    const result = await run('run', '--entrypoint', entrypoint, images.busybox, 'true');
    expect(result).toMatchObject({ code: 240, stderr: expect.stringContaining('--entrypoint') });
  });
});

describe('run --restart', () => {
  it.each([
    [['--restart', 'sometimes', '-d'], /--restart must be no, always/],
    [['--restart', 'always'], /--restart needs --detach/],
  ])('refuses %j', async (flags, message) => {
    const result = await run('run', ...flags, images.busybox, 'true');
    expect(result).toMatchObject({ code: 240, stderr: expect.stringMatching(message) });
  });
});

describe('a time to live that expires', () => {
  it('is named by exec', async () => {
    const name = uniqueContainerName();
    const { call } = sharedService();
    await call('POST', '/containers', { image: images.busybox, name, network: 'none', command: 'sleep 600', ttl: 600 });
    const running = podmanApi.start('exec', name, 'sh', '-c', 'echo started; exec sleep 600');
    await running.waitForOutput('started');
    await call('POST', `/containers/${name}/renew`, { ttl: 1 });
    const { code, stderr } = await running.result;
    expect(stderr).toMatch(`${name} no longer exists: `);
    expect(stderr).toMatch(/time to live \(ttl\) expired/);
    // 137, unless podman or the API could not observe the end.
    expect(code).toBeGreaterThan(124);
  });
});

describe('podman-api', () => {
  it.each([
    ['--version', podmanApi.run],
    ['-v', run],
    ['version', run],
  ])('%s prints the version', async (argument, start) => {
    expect(await start(argument)).toEqual({ code: 0, stdout: `${manifest.version}\n`, stderr: '' });
  });
});
