import { images, type Service, startApp, startService, testPodman, until } from '@podman-api/testing';
import { startContainer } from '@podman-api/testing/containers';
import { describe, expect, it, type TestContext } from 'vitest';

const podman = testPodman();

/** Starts a service of this test's own and a container. */
async function start({ onTestFinished }: TestContext, shutdownTimeoutSeconds: number): Promise<{ service: Service; name: string }> {
  const [service, name] = await Promise.all([
    startService({ SHUTDOWN_TIMEOUT: String(shutdownTimeoutSeconds) }),
    startContainer(images.busybox),
  ]);
  onTestFinished(() => service.stop());
  return { service, name };
}

/** Sends an exec, and waits until its command runs. @returns the answer to come */
async function startExec({ call }: Service, name: string, command: string) {
  const answer = call('POST', `/containers/${name}/exec`, { command: `touch /begun; ${command}` });
  await until(async () => (await podman.run(['exec', '--', name, 'sh', '-c', 'ls /begun || :'])) !== '');
  return { answer };
}

describe.concurrent('worker and API', () => {
  it('finish running commands on SIGTERM, and log its number and where it was caught', async context => {
    const { service, name } = await start(context, 600);
    const { answer } = await startExec(service, name, 'while ! [ -e /go ]; do usleep 10000; done; echo done');
    const ended = Promise.all([service.worker.end('SIGTERM'), service.api.end('SIGTERM')]);
    await Promise.all([service.worker.says('SIGTERM'), service.api.says('SIGTERM')]);
    await podman.run(['exec', '--', name, 'touch', '/go']);
    expect(await ended).toEqual([0, 0]);
    expect(await answer).toMatchObject({ status: 200, body: { execution: { stdout: 'done\n' } } });
    expect(service.worker.output()).toMatch(/"signal":"SIGTERM","number":15,"source":"apps\/worker\/src\/main\.ts:\d+"/);
    expect(service.api.output()).toMatch(/"signal":"SIGTERM","number":15,"source":"apps\/api\/src\/main\.ts:\d+"/);
  });
});

describe.concurrent('worker', () => {
  // Steps: a worker with a short SHUTDOWN_TIMEOUT; one with a long one; one without a Redis.
  it('ends a command after SHUTDOWN_TIMEOUT, or exits on a second signal, or at once if it runs nothing', async context => {
    const { service, name } = await start(context, 1);
    const { call, env, redis } = service;
    const cutOff = await startExec(service, name, 'trap "" TERM; sleep 4322; sleep 4322');
    expect(await service.worker.end('SIGINT')).toBe(0);
    expect(await cutOff.answer).toMatchObject({
      status: 500,
      body: { error: { type: 'PodmanAPIError', message: expect.stringContaining('shut down') } },
    });
    expect(await podman.run(['exec', '--', name, 'ps'])).not.toContain('sleep 4322');

    const patient = startApp('worker', { ...env, SHUTDOWN_TIMEOUT: '600' });
    await until(async () => (await call('POST', `/containers/${name}/exec`, { command: 'rm /begun' })).status === 200);
    const abandoned = await startExec(service, name, 'sleep 600');
    patient.process.kill('SIGTERM');
    await patient.says('SIGTERM');
    // After a pause: a signal within a second of the first one counts as the same.
    await until(() => {
      patient.process.kill('SIGINT');
      return patient.process.exitCode;
    });
    expect(patient.process.exitCode).toBe(128 + 2);
    // It would wait until it knows that the worker is dead.
    await Promise.all([service.api.end('SIGKILL'), expect(abandoned.answer).rejects.toThrow()]);

    const idle = startApp('worker', { ...env, SHUTDOWN_TIMEOUT: '600' });
    await idle.says('works');
    await redis.kill();
    expect(await idle.end('SIGTERM')).toBe(0);
  });
});
