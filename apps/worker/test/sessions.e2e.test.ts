import { images, type Service, startService, testPodman, until } from '@podman-api/testing';
import { startContainer } from '@podman-api/testing/containers';
import { afterEach, expect, test } from 'vitest';

let service: Service | undefined;
afterEach(() => service?.stop());

/** The arguments of all processes in a container. */
async function processesIn(name: string): Promise<string[]> {
  const lines = (await testPodman().run(['top', name, 'args'])).trimEnd().split('\n');
  return lines.slice(1).map(line => line.trim());
}

test.each(['SIGKILL', 'SIGTERM'] as const)('a worker that ends by %s leaves no session behind, be it in use or not', async signal => {
  service = await startService({ SHUTDOWN_TIMEOUT: '0' });
  const { call, worker } = service;
  const names = [await startContainer(images.busybox), await startContainer(images.debian)] as const;
  for (const name of names) {
    await until(async () => {
      await call('POST', `/containers/${name}/exec`, { command: ['true'] });
      return (await processesIn(name)).includes('sh');
    });
  }
  const running = call('POST', `/containers/${names[0]}/exec`, { command: 'echo begun; sleep 4' });
  await until(async () => (await processesIn(names[0])).includes('sleep 4'));
  await worker.end(signal);
  for (const name of names) await until(async () => (await processesIn(name)).join() === 'sleep 600');
  expect((await running).status).not.toBe(200);
});

test('execs of one container end alike before and after it has a session', async () => {
  service = await startService();
  const { call } = service;
  const name = await startContainer(images.busybox);
  const exec = async () =>
    (await call('POST', `/containers/${name}/exec`, { command: 'echo out; echo err >&2; exit 3' })).field('execution');
  const expected = { exit_code: 3, stdout: 'out\n', stderr: 'err\n', truncated: false };
  expect(await exec()).toMatchObject(expected);
  await until(async () => {
    expect(await exec()).toMatchObject(expected);
    return (await processesIn(name)).includes('sh');
  });
  for (let index = 0; index < 20; index += 1) expect(await exec()).toMatchObject(expected);
});
