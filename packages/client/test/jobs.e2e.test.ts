import { images, sharedService } from '@podman-api/testing';
import { startContainer } from '@podman-api/testing/containers';
import { beforeAll, describe, expect, it } from 'vitest';
import { createCommandLine } from './command-line.ts';
import { createInProcessRunner } from './in-process.ts';

const podmanApi = createCommandLine(sharedService().url);
const run = createInProcessRunner(sharedService().url);
let name: string;
beforeAll(async () => {
  name = await startContainer(images.busybox);
});

/** Starts a command and returns its job's id. */
async function startExec(command: string): Promise<string> {
  const answer = await sharedService().call('POST', `/containers/${name}/exec`, { command }, { Prefer: 'respond-async' });
  return String(answer.field('job_id'));
}

describe('jobs follow', () => {
  it("writes the command's output and exits with its code", async () => {
    const id = await startExec('echo out; echo err >&2; exit 9');
    expect(await podmanApi.run('jobs', 'follow', id)).toEqual({ code: 9, stdout: 'out\n', stderr: 'err\n' });
  });

  it('ends on Ctrl-C while the job continues', async () => {
    const id = await startExec('echo started; until [ -e /go ]; do usleep 20000; done');
    const running = podmanApi.start('jobs', 'follow', id);
    await running.waitForOutput('started');
    running.process.kill('SIGINT');
    expect((await running.result).code).toBe(130);
    expect(JSON.parse((await run('jobs', 'show', id)).stdout)).toMatchObject({ status: 'running' });
    await run('exec', name, 'touch', '/go');
    expect(await run('jobs', 'follow', id)).toMatchObject({ code: 0, stdout: 'started\n' });
  });
});

describe('jobs', () => {
  let id: string;
  beforeAll(async () => {
    id = await startExec('exit 1');
    await run('jobs', 'follow', id);
  });

  it('lists jobs that match its filters, the newest first', async () => {
    const table = (await run('jobs', '--container', name, '--status', 'succeeded', '--limit', '1')).stdout;
    expect(table).toMatch(/^ID +OPERATION +CONTAINER +STATUS +CREATED +NODE\n/);
    expect(table).toMatch(new RegExp(`^${id} +container.exec +${name} +succeeded `, 'm'));
    expect(table.trimEnd().split('\n')).toHaveLength(2);
  });

  it('refuses a status that does not exist', async () => {
    expect(await run('jobs', '--status', 'asleep')).toMatchObject({ code: 240 });
  });

  it('show prints a job as JSON', async () => {
    expect(JSON.parse((await run('jobs', 'show', id)).stdout)).toMatchObject({ id, result: { exit_code: 1 } });
  });

  it('show exits with 241 for an unknown job', async () => {
    expect(await run('jobs', 'show', 'x')).toMatchObject({ code: 241, stdout: '' });
  });

  it('cancel prints the outcome of a job that has ended', async () => {
    expect(await run('jobs', 'cancel', id)).toMatchObject({ code: 0, stdout: `${id} is succeeded\n` });
  });
});
