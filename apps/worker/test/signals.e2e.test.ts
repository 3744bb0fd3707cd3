import { images, type Service, startApp, startService, type TestChild, testPodman, until } from '@podman-api/testing';
import { startContainer } from '@podman-api/testing/containers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listProcesses } from './session-ends.ts';

const podman = testPodman();

let service: Service;
let name: string;
/** The only worker of the service. */
let worker: TestChild;
beforeAll(async () => {
  [service, name] = await Promise.all([startService({ SHUTDOWN_TIMEOUT: '600' }), startContainer(images.busybox)]);
  worker = service.worker;
});
afterAll(async () => {
  await endWorker();
  await service.stop();
});

async function endWorker(): Promise<void> {
  await (worker.process.exitCode === null && worker.process.signalCode === null ? worker.end() : worker.ended);
}

/** Replaces the worker, whose process has ended or is idle. @param extra environment variables of the new one */
async function replaceWorker(extra: Readonly<Record<string, string>> = {}): Promise<void> {
  await endWorker();
  worker = startApp('worker', { ...service.env, ...extra });
  await until(async () => (await service.call('POST', `/containers/${name}/exec`, { command: 'rm -f /begun' })).status === 200);
}

/** Sends an exec, and waits until its command runs. @returns the promised response */
async function startExec(command: string, headers: Readonly<Record<string, string>> = {}) {
  const response = service.call('POST', `/containers/${name}/exec`, { command: `touch /begun; ${command}` }, headers);
  await until(async () => (await podman.run(['exec', '--', name, 'sh', '-c', 'ls /begun || :'])) !== '');
  return { response };
}

describe('worker', () => {
  it('exits on a second signal, without waiting for its commands, which the next worker ends', async () => {
    const { response } = await startExec('sleep 4323', { Prefer: 'respond-async' });
    expect((await response).status).toBe(202);
    worker.process.kill('SIGTERM');
    await worker.waitForOutput('SIGTERM');
    // After a pause: a signal within a second of the first one counts as the same.
    await until(() => {
      worker.process.kill('SIGINT');
      return worker.process.exitCode;
    });
    expect(worker.process.exitCode).toBe(128 + 2);
    await replaceWorker();
    await until(async () => !(await listProcesses(name)).includes('sleep 4323'));
  });

  it('ends a command after SHUTDOWN_TIMEOUT, and leaves no exec session behind, idle or in use', async () => {
    await replaceWorker({ SHUTDOWN_TIMEOUT: '1' });
    const idle = await startContainer(images.debian);
    for (const container of [name, idle]) {
      await until(async () => {
        await service.call('POST', `/containers/${container}/exec`, { command: ['true'] });
        return (await listProcesses(container)).includes('sh');
      });
    }
    const { response } = await startExec('trap "" TERM; sleep 4322; sleep 4322');
    expect(await worker.end('SIGINT')).toBe(0);
    expect(await response).toMatchObject({
      status: 500,
      body: { error: { type: 'PodmanAPIError', message: expect.stringContaining('shut down') } },
    });
    expect(await podman.run(['exec', '--', name, 'ps'])).not.toContain('sleep 4322');
    for (const container of [name, idle]) await until(async () => (await listProcesses(container)).join() === 'sleep 600');
  });
});

describe('worker and API', () => {
  it('finish running commands on SIGTERM, and log its number and where it was caught', async () => {
    const { api } = service;
    await replaceWorker();
    const { response } = await startExec('while ! [ -e /go ]; do usleep 10000; done; echo done');
    const ended = Promise.all([worker.end('SIGTERM'), api.end('SIGTERM')]);
    await Promise.all([worker.waitForOutput('SIGTERM'), api.waitForOutput('SIGTERM')]);
    await podman.run(['exec', '--', name, 'touch', '/go']);
    expect(await ended).toEqual([0, 0]);
    expect(await response).toMatchObject({ status: 200, body: { execution: { stdout: 'done\n' } } });
    expect(worker.output()).toMatch(/"signal":"SIGTERM","number":15,"source":"apps\/worker\/src\/main\.ts:\d+"/);
    expect(api.output()).toMatch(/"signal":"SIGTERM","number":15,"source":"apps\/api\/src\/main\.ts:\d+"/);
  });
});
