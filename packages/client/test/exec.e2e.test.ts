import { images, sharedContainer, sharedService, until } from '@podman-api/testing';
import { startContainer, uniqueContainerName } from '@podman-api/testing/containers';
import { beforeAll, describe, expect, it } from 'vitest';
import { createCommandLine } from './command-line.ts';
import { startCuttingProxy } from './cutting-proxy.ts';
import { createInProcessRunner } from './in-process.ts';
import { processesOf, uniqueSleep } from './processes.ts';

const podmanApi = createCommandLine(sharedService().url, { SECRET: 'between us' });
const run = createInProcessRunner(sharedService().url);
let name: string;
beforeAll(() => {
  name = sharedContainer('busybox');
});

describe('exec', () => {
  it('passes on the exit code, stdout and stderr of the command', async () => {
    const result = await podmanApi.run('exec', name, 'sh', '-c', 'echo out; echo err >&2; exit 42');
    expect(result).toEqual({ code: 42, stdout: 'out\n', stderr: 'err\n' });
  });

  it('takes flags before the container as its own, and later ones as those of the command', async () => {
    const flags = ['-e', 'SECRET', '-e', 'EMPTY=', '-w', '/tmp', '-u', '1234'];
    const result = await podmanApi.run('exec', ...flags, name, 'sh', '-c', 'echo "$SECRET" "[$EMPTY]" $PWD $(id -u) $0', '-e');
    expect(result).toEqual({ code: 0, stdout: 'between us [] /tmp 1234 -e\n', stderr: '' });
  });

  it('exits with 240 if a variable without a value is not set', async () => {
    const result = await run('exec', '-e', 'NOT_THERE', name, 'true');
    expect(result).toMatchObject({ code: 240, stderr: expect.stringContaining('NOT_THERE') });
  });

  it('-i passes on stdin', async () => {
    expect(await podmanApi.shell(`printf 'ü' | podman-api exec -i ${name} wc -c`)).toEqual({ code: 0, stdout: '2\n', stderr: '' });
  });

  it('writes all of a long output', async () => {
    const stdout = Array.from({ length: 100_000 }, (_, index) => `${index + 1}\n`).join('');
    expect(await podmanApi.run('exec', name, 'seq', '100000')).toEqual({ code: 0, stdout, stderr: '' });
  });

  it('exits with 242 if its output cannot be written', async () => {
    expect(await podmanApi.shell(`podman-api exec ${name} echo x >/dev/full`)).toEqual({
      code: 242,
      stdout: '',
      stderr: 'podman-api: The output cannot be written: no space left on device.\n',
    });
  });

  it('ends the command in the container on Ctrl-C', async () => {
    const sleep = uniqueSleep();
    const running = podmanApi.start('exec', name, 'sh', '-c', `echo started; exec ${sleep}`);
    await running.waitForOutput('started');
    running.process.kill('SIGINT');
    expect(await running.result).toEqual({ code: 130, stdout: 'started\n', stderr: '' });
    expect(processesOf(sleep)).toEqual([]);
  });

  it('exits with 245 if another caller cancels the job', async () => {
    const own = await startContainer(images.busybox);
    const running = podmanApi.start('exec', own, 'sh', '-c', `echo started; exec ${uniqueSleep()}`);
    await running.waitForOutput('started');
    const [job] = JSON.parse((await run('jobs', '--status', 'running', '--container', own, '--format', 'json')).stdout);
    expect(await run('jobs', 'cancel', job.id)).toMatchObject({ code: 0, stdout: `${job.id} is cancelled\n` });
    expect(await running.result).toEqual({
      code: 245,
      stdout: 'started\n',
      stderr: expect.stringMatching(/^podman-api: .*cancelled.*\n$/),
    });
  });

  it('exits with 241 and names a container that does not exist', async () => {
    expect(await run('exec', 'nowhere-to-be-seen', 'true')).toEqual({
      code: 241,
      stdout: '',
      stderr: expect.stringMatching(/^podman-api: .*nowhere-to-be-seen.*\n$/),
    });
  });

  it('says on stderr that output is longer than the API keeps, and exits with 242', async () => {
    const stderr = expect.stringMatching(/^podman-api: the output is longer than .*MAX_OUTPUT.*\n$/);
    expect(await run('exec', name, 'seq', '1000000')).toMatchObject({ code: 242, stderr });
  });

  it('ends at once on a second Ctrl-C, even if the API hangs', async ({ onTestFinished }) => {
    const proxy = await startCuttingProxy(sharedService().url, { answers: 0 });
    onTestFinished(() => proxy.stop());
    const go = `/tmp/${uniqueContainerName()}`;
    const running = createCommandLine(proxy.url).start('exec', name, 'sh', '-c', `echo started; until [ -e ${go} ]; do usleep 20000; done`);
    await running.waitForOutput('started');
    proxy.hang();
    await until(() => {
      running.process.kill('SIGINT');
      return running.process.exitCode !== null;
    });
    expect((await running.result).code).toBe(130);
    expect(await run('exec', name, 'touch', go)).toMatchObject({ code: 0 });
  });
});
