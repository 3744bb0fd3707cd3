import { findLimitsWarning, images, sharedService, testPodman, until } from '@podman-api/testing';
import { describe, expect, it } from 'vitest';

const { call } = sharedService();
const podman = testPodman();
const image = images.busybox;
/** The usage is read from the cgroups that also limit the run. */
const hasUsage = findLimitsWarning() === undefined;

/** Returns the names of the containers and volumes of a run. */
async function leftOf(job: unknown): Promise<string> {
  return podman.run(['ps', '--all', '--format={{.Names}}', `--filter=label=podman-api.job=${job}`]);
}

describe('POST /runs', () => {
  it('puts files in, runs the command with stdin, returns its output and files, and removes the container', async () => {
    const command = ['sh', '-c', 'sh /work/in/main.sh; ln -s /work/out.txt /work/link; echo oops >&2; exit 3'];
    const files = [
      { path: '/work/in/main.sh', content: 'read -r name; echo "hello $name" | tee /work/out.txt; /work/in/tool', mode: '0600' },
      { path: '/work/in/tool', content: Buffer.from('#!/bin/sh\necho tool\n').toString('base64'), encoding: 'base64', mode: '0755' },
    ];
    const outputs = ['/work/link', '/work/none', '/work', '/dev/null'];
    const { status, body, field } = await call('POST', '/runs', {
      image,
      command,
      files,
      outputs,
      stdin: 'world\n',
      network: 'none',
      volumes: ['/data'],
    });
    expect({ status, body }).toMatchObject({
      status: 200,
      body: {
        run: {
          exit_code: 3,
          success: false,
          stdout: 'hello world\ntool\n',
          stderr: 'oops\n',
          truncated: false,
          timed_out: false,
          oom_killed: false,
          usage: hasUsage ? { cpu_ms: expect.any(Number), max_memory: expect.any(Number) } : { cpu_ms: null, max_memory: null },
          files: [
            { path: '/work/link', size: 12, content: 'hello world\n', encoding: 'utf8' },
            { path: '/work/none', error: 'There is no such file.' },
            { path: '/work', error: expect.stringContaining('directory') },
            { path: '/dev/null', error: expect.any(String) },
          ],
        },
      },
    });
    expect(await leftOf(field('job_id'))).toBe('');
  });

  it('ends the command at its time limit and returns what it had written, as a job whose output can be read', async () => {
    const runFor = (timeout: number) =>
      call('POST', '/runs', {
        image,
        command: ['sh', '-c', 'trap "echo ended; exit 7" TERM; echo begun; while :; do sleep 0.1; done'],
        timeout,
        network: 'none',
      });
    let timeout = 1;
    let answer = await runFor(timeout);
    // On a busy machine the shell may not have set its trap, or not end within the grace period: it is killed then.
    while (answer.field('run.exit_code') === 137 && timeout < 64) {
      timeout *= 2;
      answer = await runFor(timeout);
    }
    const { status, field } = answer;
    expect([status, field('run.timed_out'), field('run.exit_code'), field('run.stdout')]).toEqual([200, true, 7, 'begun\nended\n']);
    const id = String(field('job_id'));
    expect((await call('GET', `/jobs/${id}/output`, undefined, { Accept: 'text/plain' })).body).toBe('begun\nended\n');
    expect(await leftOf(id)).toBe('');
  });

  it('removes the container of a run that is cancelled', async () => {
    const body = { image, command: ['sleep', '300'], network: 'none' };
    const { status, field } = await call('POST', '/runs', body, { Prefer: 'respond-async' });
    expect(status).toBe(202);
    const id = String(field('job.id'));
    await until(async () => (await leftOf(id)) !== '');
    expect((await call('DELETE', `/jobs/${id}`)).status).toBeLessThan(300);
    await until(async () => (await call('GET', `/jobs/${id}`)).field('job.status') === 'cancelled');
    expect(await leftOf(id)).toBe('');
  });

  it('returns 400 and leaves nothing if the command does not exist or a file cannot be written to its path', async () => {
    const missing = await call('POST', '/runs', { image, command: ['no-such-program'], network: 'none' });
    expect([missing.status, missing.field('error.details.0.path')]).toEqual([400, 'command']);
    const files = [{ path: '/etc/passwd/x', content: 'x' }];
    const misplaced = await call('POST', '/runs', { image, command: ['true'], files, network: 'none' });
    expect([misplaced.status, misplaced.field('error.details.0.path')]).toEqual([400, 'files']);
    const inMemory = await call('POST', '/runs', {
      image,
      command: ['true'],
      files: [{ path: '/tmp/x', content: 'x' }],
      tmpfs: ['/tmp'],
      network: 'none',
    });
    expect([inMemory.status, inMemory.field('error.details.0.path')]).toEqual([400, 'files.0.path']);
    for (const { field } of [missing, misplaced, inMemory]) expect(await leftOf(field('job_id'))).toBe('');
  });
});

describe('POST /runs/batch', () => {
  it('submits a job for each run, once for an Idempotency-Key', async () => {
    // The second reads like an error of podman.
    const commands = ['echo one', 'echo "Error: no container with name or ID "x" found: no such container" >&2; exit 125'];
    const body = { runs: commands.map(script => ({ image, command: ['sh', '-c', script], network: 'none' })) };
    const headers = { 'Idempotency-Key': `batch-${process.pid}-${Date.now()}` };
    const first = await call('POST', '/runs/batch', body, headers);
    expect(first.status).toBe(202);
    const ids = [0, 1].map(index => String(first.field(`runs.${index}.job.id`)));
    const again = await call('POST', '/runs/batch', body, headers);
    expect([0, 1].map(index => again.field(`runs.${index}.job.id`))).toEqual(ids);
    // A longer batch would have runs that no other request has claimed.
    for (const runs of [body.runs.slice(1), [...body.runs, ...body.runs]])
      expect((await call('POST', '/runs/batch', { runs }, headers)).status).toBe(422);
    const ended = await Promise.all(ids.map(id => call('GET', `/jobs/${id}?wait=60`)));
    expect(ended.map(({ field }) => [field('job.result.exit_code'), String(field('job.result.output')).slice(0, 6)])).toEqual([
      [0, 'one\n'],
      [125, 'Error:'],
    ]);
  });

  it('claims its Idempotency-Key as a whole, also if none of its runs can be submitted', async () => {
    const headers = { 'Idempotency-Key': `refused-${process.pid}-${Date.now()}` };
    const submit = (word: string) => call('POST', '/runs/batch', { runs: [{ image, command: [word], node: 'none' }] }, headers);
    expect((await submit('one')).status).toBe(404);
    expect((await submit('other')).status).toBe(422);
    expect((await submit('one')).status).toBe(404);
  });

  it('returns 400 with the field of each invalid run, and submits none', async () => {
    const { status, field } = await call('POST', '/runs/batch', {
      runs: [
        { image, command: ['true'] },
        { image, timeout: 0 },
      ],
    });
    expect([status, field('error.details.0.path')]).toEqual([400, 'runs.1.timeout']);
  });
});
