import { images, type Service, startService, until } from '@podman-api/testing';
import { startContainer } from '@podman-api/testing/containers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commandLine } from './command-line.ts';
import { processesOf } from './processes.ts';

let service: Service;
let podmanApi: ReturnType<typeof commandLine>;
let name: string;
beforeAll(async () => {
  service = await startService({ MAX_OUTPUT: '1MiB' });
  podmanApi = commandLine(service.url, { SECRET: 'between us' });
  name = await startContainer(images.busybox);
});
afterAll(() => service.stop());

test('gives the exit code, stdout and stderr of the command', async () => {
  const ran = await podmanApi.run('exec', name, 'sh', '-c', 'echo out; echo err >&2; exit 42');
  expect(ran).toEqual({ code: 42, stdout: 'out\n', stderr: 'err\n' });
});

test('with flags of its own, and none of the command', async () => {
  const flags = ['-e', 'SECRET', '-e', 'EMPTY=', '-w', '/tmp', '-u', '1234'];
  const ran = await podmanApi.run('exec', ...flags, name, 'sh', '-c', 'echo "$SECRET" "[$EMPTY]" $PWD $(id -u) $0', '-e');
  expect(ran).toEqual({ code: 0, stdout: 'between us [] /tmp 1234 -e\n', stderr: '' });
  expect(await podmanApi.run('exec', '-e', 'NOT_THERE', name, 'true')).toMatchObject({
    code: 240,
    stderr: expect.stringContaining('NOT_THERE'),
  });
});

test('reads stdin', async () => {
  expect(await podmanApi.shell(`printf 'ü' | podman-api exec -i ${name} wc -c`)).toEqual({ code: 0, stdout: '2\n', stderr: '' });
});

test('a long output comes whole, and one that is longer than is kept says so', async () => {
  const whole = await podmanApi.run('exec', name, 'seq', '100000');
  expect(whole.stdout).toBe(Array.from({ length: 100_000 }, (_, index) => `${index + 1}\n`).join(''));
  const cut = await podmanApi.run('exec', name, 'seq', '1000000');
  expect(cut).toMatchObject({ code: 0, stderr: expect.stringMatching(/^podman-api: more was written than .*MAX_OUTPUT.*\n$/) });
});

test('Ctrl-C ends the command in the container', async () => {
  const running = podmanApi.start('exec', name, 'sh', '-c', 'echo begun; exec sleep 98010');
  await running.says('begun');
  running.process.kill('SIGINT');
  expect(await running.ran).toEqual({ code: 130, stdout: 'begun\n', stderr: '' });
  expect(processesOf('sleep 98010')).toEqual([]);
});

test('with the API frozen, a second Ctrl-C ends it at once', async () => {
  const running = podmanApi.start('exec', name, 'sh', '-c', 'echo begun; until [ -e /go ]; do usleep 20000; done');
  await running.says('begun');
  service.api.process.kill('SIGSTOP');
  await until(() => {
    running.process.kill('SIGINT');
    return running.process.exitCode !== null;
  });
  service.api.process.kill('SIGCONT');
  expect((await running.ran).code).toBe(130);
  expect(await podmanApi.run('exec', name, 'touch', '/go')).toMatchObject({ code: 0 });
});

test('what another has cancelled says so', async () => {
  const running = podmanApi.start('exec', name, 'sh', '-c', 'echo begun; exec sleep 98012');
  await running.says('begun');
  const [job] = JSON.parse((await podmanApi.run('jobs', '--status', 'running', '--container', name, '--json')).stdout);
  expect(await podmanApi.run('jobs', 'cancel', job.id)).toMatchObject({ code: 0, stdout: `${job.id} is cancelled\n` });
  expect(await running.ran).toEqual({ code: 245, stdout: 'begun\n', stderr: expect.stringMatching(/^podman-api: .*cancelled.*\n$/) });
});

test('a container that is not there', async () => {
  expect(await podmanApi.run('exec', 'nowhere-to-be-seen', 'true')).toEqual({
    code: 241,
    stdout: '',
    stderr: expect.stringMatching(/^podman-api: .*nowhere-to-be-seen.*\n$/),
  });
});
