import { randomInt } from 'node:crypto';
import type { CallResponse } from '@podman-api/testing';
import { expect, it } from 'vitest';
import { type ExecTarget, exec, execution } from './target.ts';

/** Registers the test of `timeout`. */
export function testTimeLimit(getTarget: () => ExecTarget): void {
  it('ends a command at its time limit, with its child processes, and returns the output so far', async () => {
    const target = getTarget();
    // No other test runs a `sleep` of this length.
    const sleep = `sleep ${randomInt(1_000_000, 9_000_000)}`;
    const command = `trap "" TERM; echo started; ${sleep} & (${sleep} &) ; while :; do ${sleep}; done`;
    const response = await exceedTimeLimit(target, command);
    expect(response.body).toMatchObject({ error: { execution: { exit_code: null, stdout: 'started\n', success: false } } });
    expect(response.headers.get('x-should-retry')).toBe('false');
    expect((await target.call('GET', `/jobs/${String(response.field('job_id'))}`)).body).toMatchObject({ job: { status: 'timed_out' } });
    expect(await execution(target, { command: 'cat /proc/[0-9]*/cmdline | tr "\\0" " "' })).toMatchObject({
      stdout: expect.not.stringContaining(sleep),
    });
  });
}

/**
 * Runs a command that never ends, with growing time limits until the command starts within one: a busy machine may need longer
 * than a second. Each response must be a 408 of a job that timed out.
 */
async function exceedTimeLimit(target: ExecTarget, command: string): Promise<CallResponse> {
  for (let timeout = 1; ; timeout *= 2) {
    const response = await exec(target, { command, timeout });
    expect(response).toMatchObject({ status: 408, body: { error: { type: 'TimeoutError', job: { status: 'timed_out' } } } });
    if (response.field('error.execution.stdout') !== '') return response;
  }
}
