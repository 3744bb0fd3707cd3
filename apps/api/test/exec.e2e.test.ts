import { images, type Service, startService } from '@podman-api/testing';
import { startContainer } from '@podman-api/testing/containers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.stop());

/** Resident memory of a process, in bytes. */
async function residentMemory(pid: number | undefined): Promise<number> {
  const { readFile } = await import('node:fs/promises');
  return Number(/VmRSS:\s+(\d+) kB/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
}

describe.each(['busybox', 'debian'] as const)('exec in the image %s', kind => {
  let name: string;
  beforeAll(async () => {
    name = await startContainer(images[kind]);
  });
  const exec = (body: object) => service.call('POST', `/containers/${name}/exec`, body);
  const execution = async (body: object) => {
    const answer = await exec(body);
    return answer.field('execution') ?? answer.body;
  };

  test('tells what a command did', async () => {
    expect(await exec({ command: 'echo out; echo err >&2; exit 7' })).toMatchObject({
      status: 200,
      body: {
        success: true,
        job_id: expect.any(String),
        execution: { exit_code: 7, success: false, stdout: 'out\n', stderr: 'err\n', truncated: false, duration_ms: expect.any(Number) },
      },
    });
  });

  test('takes argv as it is', async () => {
    const command = ['printf', '%s|', '$HOME', 'a b', '"', "'", ';', '', '\n', '-n', '--', 'ü'];
    expect(await execution({ command })).toMatchObject({ stdout: '$HOME|a b|"|\'|;||\n|-n|--|ü|' });
  });

  test('gives the documented exit codes for what can not be run', async () => {
    expect(await execution({ command: ['no-such-command'] })).toMatchObject({ exit_code: 127, success: false });
    expect(await execution({ command: 'no-such-command' })).toMatchObject({ exit_code: 127, success: false });
    expect(await execution({ command: ['/etc'] })).toMatchObject({ exit_code: 126, success: false });
  });

  test('takes the words of a command for its own, whatever they are', async () => {
    const command = 'echo "Error: no container with name or ID \\"x\\" found: no such container" >&2; exit 1';
    expect(await execution({ command })).toMatchObject({ exit_code: 1, stderr: expect.stringContaining('Error: no container') });
    expect(await execution({ command: 'echo "Error: unknown" >&2; exit 127' })).toMatchObject({
      exit_code: 127,
      stderr: 'Error: unknown\n',
    });
  });

  test('tells of a signal as shells do', async () => {
    expect(await execution({ command: 'kill -9 $$' })).toMatchObject({ exit_code: 137, success: false });
  });

  test('names the field that the container has no counterpart for', async () => {
    expect(await exec({ command: 'true', user: 'nobody-here' })).toMatchObject({
      status: 400,
      body: { error: { details: [{ path: 'user' }] } },
    });
    expect(await exec({ command: 'true', work_dir: '/nowhere' })).toMatchObject({
      status: 400,
      body: { error: { details: [{ path: 'work_dir', message: expect.stringContaining('/nowhere') }] } },
    });
  });

  test('runs with variables, a working directory and a user', async () => {
    const body = {
      command: 'echo "$A|$B"; pwd; id -u',
      environment: { A: ' spaced "quoted" ', B: 'two\nlines\r' },
      work_dir: '/tmp',
      user: '1234',
    };
    expect(await execution(body)).toMatchObject({ stdout: ' spaced "quoted" |two\nlines\r\n/tmp\n1234\n' });
  });

  test('hands on stdin to its end', async () => {
    expect(await execution({ command: 'cat', stdin: 'a\nb' })).toMatchObject({ stdout: 'a\nb' });
    expect(await execution({ command: ['wc', '-c'], stdin: 'x'.repeat(1_000_000) })).toMatchObject({
      stdout: expect.stringContaining('1000000'),
    });
    expect(await execution({ command: 'cat', stdin: '' })).toMatchObject({ stdout: '', exit_code: 0 });
  });

  test('loses no output of a command that leaves its stdin unread', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => execution({ command: 'echo all of it; exit 3', stdin: 'unread' })));
    expect(answers).toEqual(Array.from({ length: 20 }, () => expect.objectContaining({ stdout: 'all of it\n', exit_code: 3, stderr: '' })));
  });

  test('replaces bytes that are no UTF-8, and gives them whole as base64', async () => {
    const command = "printf 'a\\377\\000b'";
    expect(await execution({ command })).toMatchObject({ stdout: 'a\ufffd\0b' });
    expect(await execution({ command, encoding: 'base64' })).toMatchObject({ stdout: Buffer.from([97, 255, 0, 98]).toString('base64') });
  });

  test('sees the exit code of a command that has closed its stdout, or left a process behind that holds it', async () => {
    expect(await execution({ command: 'exec 1>&- 2>&-; exit 4' })).toMatchObject({ exit_code: 4, stdout: '' });
    const started = performance.now();
    expect(await execution({ command: 'sleep 30 & echo done; exit 5' })).toMatchObject({ exit_code: 5, stdout: 'done\n' });
    expect(performance.now() - started).toBeLessThan(10_000);
    await execution({ command: 'pkill sleep || killall sleep || kill $(grep -la sleep.30 /proc/[0-9]*/cmdline | cut -d/ -f3)' });
  });

  test('cuts a huge output, says so, and needs no memory for it', async () => {
    const before = await Promise.all([residentMemory(service.api.process.pid), residentMemory(service.worker.process.pid)]);
    const answer = await exec({ command: 'head -c 200000000 /dev/zero | tr "\\0" x; exit 6' });
    expect(answer).toMatchObject({ status: 200, body: { execution: { exit_code: 6, truncated: true } } });
    expect(String(answer.field('execution.stdout'))).toBe('x'.repeat(64 * 1024));
    const after = await Promise.all([residentMemory(service.api.process.pid), residentMemory(service.worker.process.pid)]);
    expect(Math.max(...after.map((size, index) => size - (before[index] ?? 0)))).toBeLessThan(100 * 1024 ** 2);
  });

  test('ends what has reached its time limit, in the container too', async () => {
    const command = 'trap "" TERM; echo begun; sleep 4321 & (sleep 4321 &) ; while :; do sleep 4321; done';
    const answer = await exec({ command, timeout: 1 });
    expect(answer).toMatchObject({
      status: 408,
      body: {
        error: { type: 'TimeoutError', job: { status: 'timed_out' }, execution: { exit_code: null, stdout: 'begun\n', success: false } },
      },
    });
    expect(answer.headers.get('x-should-retry')).toBe('false');
    expect((await service.call('GET', `/jobs/${String(answer.field('job_id'))}`)).body).toMatchObject({ job: { status: 'timed_out' } });
    expect(await execution({ command: 'cat /proc/[0-9]*/cmdline | tr "\\0" " "' })).toMatchObject({
      stdout: expect.not.stringContaining('sleep 4321'),
    });
  });
});

test('exec in a container that is stopped, and in one that is not there', async () => {
  const name = await startContainer(images.plain);
  await service.call('POST', `/containers/${name}/stop?timeout=0`);
  expect(await service.call('POST', `/containers/${name}/exec`, { command: 'true' })).toMatchObject({
    status: 409,
    body: { error: { type: 'ConflictError', message: expect.stringContaining('start it first') } },
  });
  expect(await service.call('POST', '/containers/no-such/exec', { command: 'true' })).toMatchObject({
    status: 404,
    body: { error: { type: 'NotFoundError', message: 'There is no container no-such.' } },
  });
});

test('a container without a shell runs argv, and gets stdin', async () => {
  const name = await startContainer(images.bare);
  expect(
    (await service.call('POST', `/containers/${name}/exec`, { command: ['sleep', '0'], stdin: 'x' })).field('execution'),
  ).toMatchObject({ exit_code: 0 });
  expect((await service.call('POST', `/containers/${name}/exec`, { command: 'sleep 0' })).field('execution')).toMatchObject({
    exit_code: 127,
  });
});
