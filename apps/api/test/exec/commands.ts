import { expect, it } from 'vitest';
import { createGate } from '../gate.ts';
import { type ExecTarget, exec, execution } from './target.ts';

/** Registers the tests of exec that every image with a shell must pass. */
export function testCommands(getTarget: () => ExecTarget): void {
  const send = (body: object) => exec(getTarget(), body);
  const run = (body: object) => execution(getTarget(), body);

  it('returns exit code, stdout, stderr and duration of a command', async () => {
    expect(await send({ command: 'echo out; echo err >&2; exit 7' })).toMatchObject({
      status: 200,
      body: {
        success: true,
        job_id: expect.any(String),
        execution: { exit_code: 7, success: false, stdout: 'out\n', stderr: 'err\n', truncated: false, duration_ms: expect.any(Number) },
      },
    });
  });

  it('passes argv on unchanged', async () => {
    const command = ['printf', '%s|', '$HOME', 'a b', '"', "'", ';', '', '\n', '-n', '--', 'ü'];
    expect(await run({ command })).toMatchObject({ stdout: '$HOME|a b|"|\'|;||\n|-n|--|ü|' });
  });

  it('returns 127 for a missing command and 126 for one that is not executable', async () => {
    expect(await run({ command: ['no-such-command'] })).toMatchObject({ exit_code: 127, success: false });
    expect(await run({ command: 'no-such-command' })).toMatchObject({ exit_code: 127, success: false });
    expect(await run({ command: ['/etc'] })).toMatchObject({ exit_code: 126, success: false });
  });

  it('does not mistake what a command prints for an error of podman', async () => {
    const command = 'echo "Error: no container with name or ID \\"x\\" found: no such container" >&2; exit 1';
    expect(await run({ command })).toMatchObject({ exit_code: 1, stderr: expect.stringContaining('Error: no container') });
    expect(await run({ command: 'echo "Error: unknown" >&2; exit 127' })).toMatchObject({ exit_code: 127, stderr: 'Error: unknown\n' });
  });

  it('returns 128 plus the signal number for a command that was killed', async () => {
    expect(await run({ command: 'kill -9 $$' })).toMatchObject({ exit_code: 137, success: false });
  });

  it('returns 400 that names the field for an unknown user or working directory', async () => {
    expect(await send({ command: 'true', user: 'nobody-here' })).toMatchObject({
      status: 400,
      body: { error: { details: [{ path: 'user' }] } },
    });
    expect(await send({ command: 'true', work_dir: '/nowhere' })).toMatchObject({
      status: 400,
      body: { error: { details: [{ path: 'work_dir', message: expect.stringContaining('/nowhere') }] } },
    });
  });

  it('sets environment, working directory and user', async () => {
    const body = {
      command: 'echo "$A|$B"; pwd; id -u',
      environment: { A: ' spaced "quoted" ', B: 'two\nlines\r' },
      work_dir: '/tmp',
      user: '1234',
    };
    expect(await run(body)).toMatchObject({ stdout: ' spaced "quoted" |two\nlines\r\n/tmp\n1234\n' });
  });

  it('passes stdin on and closes it', async () => {
    expect(await run({ command: 'cat', stdin: 'a\nb' })).toMatchObject({ stdout: 'a\nb' });
    expect(await run({ command: ['wc', '-c'], stdin: 'x'.repeat(1_000_000) })).toMatchObject({
      stdout: expect.stringContaining('1000000'),
    });
    expect(await run({ command: 'cat', stdin: '' })).toMatchObject({ stdout: '', exit_code: 0 });
  });

  it('replaces bytes that are not UTF-8, and returns all bytes as base64', async () => {
    const command = "printf 'a\\377\\000b'";
    expect(await run({ command })).toMatchObject({ stdout: 'a\ufffd\0b' });
    expect(await run({ command, encoding: 'base64' })).toMatchObject({ stdout: Buffer.from([97, 255, 0, 98]).toString('base64') });
  });

  it('returns the exit code of a command that closed its stdout', async () => {
    expect(await run({ command: 'exec 1>&- 2>&-; exit 4' })).toMatchObject({ exit_code: 4, stdout: '' });
  });

  it('does not wait for a background process that holds stdout open', async () => {
    // The background process ends only after the response is there.
    const gate = createGate(getTarget().container);
    expect(await run({ command: `(${gate.wait}) & echo done; exit 5` })).toMatchObject({ exit_code: 5, stdout: 'done\n' });
    await gate.open();
  });

  it('returns the first 64 KiB of a long output and says that it is truncated', async () => {
    const response = await send({ command: 'head -c 5000000 /dev/zero | tr "\\0" x; exit 6' });
    expect(response).toMatchObject({ status: 200, body: { execution: { exit_code: 6, truncated: true } } });
    expect(response.field('execution.stdout') === 'x'.repeat(64 * 1024)).toBe(true);
  });

  it('returns all output of twenty commands at once that do not read their stdin', async () => {
    const body = { command: 'echo all of it; exit 3', stdin: 'unread' };
    const executions = await Promise.all(Array.from({ length: 20 }, () => run(body)));
    const expected = expect.objectContaining({ stdout: 'all of it\n', exit_code: 3, stderr: '' });
    expect(executions).toEqual(executions.map(() => expected));
  });
}
