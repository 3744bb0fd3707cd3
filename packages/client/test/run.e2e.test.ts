import { images, type Service, startChild, startService, testPodman, until } from '@podman-api/testing';
import { ownName, startContainer } from '@podman-api/testing/containers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commandLine, programPath } from './command-line.ts';
import { freePort } from './free-port.ts';
import { processesOf } from './processes.ts';

let service: Service;
let podmanApi: ReturnType<typeof commandLine>;
beforeAll(async () => {
  service = await startService();
  podmanApi = commandLine(service.url);
});
afterAll(() => service.stop());

const podman = (...args: string[]) => testPodman().run(args);
/** As podman itself tells it; nothing where there is no such container. */
const stateOf = async (name: string): Promise<string | undefined> =>
  JSON.parse(await podman('ps', '--all', `--filter=name=^${name}$`, '--format=json'))[0]?.State;
const createdBy = async (name: string) => (await service.call('GET', `/jobs?operation=container.create&container=${name}`)).field('jobs');

test('gives the exit code of the command inside, its stdout and its stderr, and nothing else', async () => {
  const name = ownName();
  const ran = await podmanApi.run('run', '--rm', '--name', name, images.busybox, 'sh', '-c', 'echo out; echo err >&2; exit 7');
  expect(ran).toEqual({ code: 7, stdout: 'out\n', stderr: 'err\n' });
  expect(await stateOf(name)).toBeUndefined();
});

test('output is there while the command runs', async () => {
  const name = ownName();
  const running = podmanApi.start(
    'run',
    '--rm',
    '--name',
    name,
    images.busybox,
    'sh',
    '-c',
    'echo first; until [ -e /go ]; do usleep 20000; done; echo second',
  );
  await running.says('first\n');
  await podman('exec', '--', name, 'touch', '/go');
  expect(await running.ran).toEqual({ code: 0, stdout: 'first\nsecond\n', stderr: '' });
});

test('without --rm the container stays, stopped', async () => {
  const name = ownName();
  expect(await podmanApi.run('run', '--name', name, images.bare, 'sleep', '0')).toMatchObject({ code: 0, stdout: '', stderr: '' });
  // "stopped" until podman's clean-up has been.
  expect(await stateOf(name)).toMatch(/^(exited|stopped)$/);
});

test('passes on what was asked for, and takes a secret from the environment', async () => {
  const secretive = commandLine(service.url, { SECRET: 'between us' });
  const flags = ['--env', 'SECRET', '-e', 'PLAIN=a=b', '--workdir', '/tmp', '--user', '1234', '--label', 'of=test', '--memory', '64m'];
  const name = ownName();
  const ran = await secretive.run('run', '--rm', '--name', name, ...flags, images.busybox, 'sh', '-c', 'echo $SECRET $PLAIN $PWD $(id -u)');
  expect(ran).toEqual({ code: 0, stdout: 'between us a=b /tmp 1234\n', stderr: '' });
});

test('what stands behind the image is the command, flags and all', async () => {
  const ran = await podmanApi.run('run', '--rm', '--name', ownName(), '--', images.busybox, 'echo', '--rm', '-e', '--', 'x');
  expect(ran).toEqual({ code: 0, stdout: '--rm -e -- x\n', stderr: '' });
});

test('the command reads what stands on stdin', async () => {
  const ran = await podmanApi.shell(`printf 'one\\ntwo' | podman-api run --rm -i --name ${ownName()} ${images.busybox} wc -c`);
  expect(ran).toEqual({ code: 0, stdout: '7\n', stderr: '' });
  expect(await podmanApi.shell(`printf '\\377' | podman-api run --rm -i --name ${ownName()} ${images.busybox} wc -c`)).toEqual({
    code: 240,
    stdout: '',
    stderr: expect.stringContaining('no UTF-8 text'),
  });
});

test('--detach runs the container by itself', async () => {
  const name = ownName();
  expect(await podmanApi.run('run', '--detach', '--name', name, images.busybox, 'sleep', '600')).toEqual({
    code: 0,
    stdout: `${name}\n`,
    stderr: '',
  });
  expect(await stateOf(name)).toBe('running');
});

describe('ended from outside', () => {
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s cancels the job and leaves neither a process nor the container', async (signal, code) => {
    const name = ownName();
    const seconds = `98${code}`;
    const running = podmanApi.start('run', '--rm', '--name', name, images.busybox, 'sh', '-c', `echo begun; exec sleep ${seconds}`);
    await running.says('begun');
    await until(() => processesOf(`sleep ${seconds}`).length > 0);
    running.process.kill(signal);
    expect(await running.ran).toEqual({ code, stdout: 'begun\n', stderr: '' });
    expect(processesOf(`sleep ${seconds}`)).toEqual([]);
    expect(await stateOf(name)).toBeUndefined();
    const jobs = (await service.call('GET', '/jobs?operation=container.exec&limit=1')).field('jobs');
    expect(jobs).toMatchObject([{ status: 'cancelled' }]);
  });

  test('npx that is ended takes it along', async () => {
    const name = ownName();
    const env = { PODMAN_API_URL: service.url, PATH: programPath };
    const npx = startChild(
      'npx',
      ['podman-api', 'run', '--rm', '--name', name, images.busybox, 'sh', '-c', 'echo begun; exec sleep 98003'],
      env,
    );
    await npx.says('begun');
    await npx.end('SIGTERM');
    await until(async () => (await stateOf(name)) === undefined);
    expect(processesOf('sleep 98003')).toEqual([]);
  });

  test('a signal while the container is made leaves none', async () => {
    const name = ownName();
    const running = podmanApi.start('run', '--rm', '--name', name, images.busybox, 'sleep', '98001');
    await until(async () => JSON.stringify(await createdBy(name)).includes('"container.create"'));
    running.process.kill('SIGINT');
    expect(await running.ran).toMatchObject({ code: 130, stdout: '', stderr: '' });
    expect(await stateOf(name)).toBeUndefined();
    expect(processesOf('sleep 98001')).toEqual([]);
  });

  test('nobody reads on: the command is ended', async () => {
    const name = ownName();
    const ran = await podmanApi.shell(`{ podman-api run --rm --name ${name} ${images.busybox} yes; echo "code $?" >&2; } | head -n 1`);
    expect(ran).toMatchObject({ code: 0, stdout: 'y\n', stderr: 'code 141\n' });
    expect(await stateOf(name)).toBeUndefined();
  });
});

describe('what goes wrong is one line, and a code of its own', () => {
  test('a name in use is refused, and the container that has it stays', async () => {
    const name = await startContainer(images.busybox);
    const ran = await podmanApi.run('run', '--rm', '--name', name, images.busybox, 'true');
    expect(ran).toEqual({ code: 241, stdout: '', stderr: expect.stringMatching(/^podman-api: .*in use.*\n$/) });
    expect(await stateOf(name)).toBe('running');
  });

  test('no such image', async () => {
    const ran = await podmanApi.run('run', '--rm', '--pull', 'never', '--name', ownName(), 'localhost/podman-api-test/none', 'true');
    expect(ran).toEqual({ code: 241, stdout: '', stderr: expect.stringMatching(/^podman-api: .*\n$/) });
  });

  test('no such command is 127, as in a shell', async () => {
    expect(await podmanApi.run('run', '--rm', '--name', ownName(), images.busybox, 'nonsense')).toMatchObject({ code: 127 });
  });

  test('a command that takes too long', async () => {
    const name = ownName();
    const ran = await podmanApi.run('run', '--rm', '--timeout', '1', '--name', name, images.busybox, 'sh', '-c', 'echo begun; sleep 98002');
    expect(ran).toEqual({ code: 244, stdout: 'begun\n', stderr: expect.stringMatching(/^podman-api: .*\n$/) });
    expect(await stateOf(name)).toBeUndefined();
  });

  test.each([
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
  ])('a wrong command line: %j', async args => {
    expect(await podmanApi.run(...args)).toEqual({ code: 240, stdout: '', stderr: expect.stringMatching(/^podman-api: .* See: .*\n$/) });
  });

  test('a wrong address', async () => {
    expect(await commandLine('over there').run('ps')).toEqual({
      code: 240,
      stdout: '',
      stderr: 'podman-api: The address "over there" (PODMAN_API_URL) must be the API\'s, as in http://127.0.0.1:5000.\n',
    });
  });

  test('the API is away', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const away = commandLine(url, { PODMAN_API_PATIENCE: '0.3' });
    expect(await away.run('run', '--rm', images.busybox, 'true')).toEqual({
      code: 243,
      stdout: '',
      stderr: `podman-api: No answer from ${url} (nothing listens there): is the API running, and is PODMAN_API_URL right?\n`,
    });
  });
});

test('a terminal shows what goes on until there is output, of which nothing is overwritten', async () => {
  const name = ownName();
  const ran = await podmanApi.shell(
    `script --quiet --return --command "podman-api run --rm --name ${name} ${images.busybox} printf done" /dev/null`,
  );
  expect(ran.stdout).toContain(`creating ${name} from ${images.busybox}`);
  expect(ran.stdout).toContain(`running in ${name}`);
  expect(ran.stdout).toMatch(/done$/);
  expect(ran.code).toBe(0);
});
