import { images, type Service, startService, testPodman, until } from '@podman-api/testing';
import { startContainer } from '@podman-api/testing/containers';
import { afterEach, beforeEach, expect, test } from 'vitest';

let service: Service;
let name: string;
beforeEach(async () => {
  service = await startService({ SHUTDOWN_TIMEOUT: '2' });
  name = await startContainer(images.busybox);
});
afterEach(() => service.stop());

const begin = async (command: string) => {
  const answer = service.call('POST', `/containers/${name}/exec`, { command: `touch /begun; ${command}` });
  await until(() =>
    testPodman()
      .run(['exec', '--', name, 'ls', '/begun'])
      .then(
        () => true,
        () => false,
      ),
  );
  return { answer };
};

test('SIGTERM is logged with its number and where it was caught, and running commands end first', async () => {
  const { answer } = await begin('sleep 1; echo done');
  expect(await Promise.all([service.worker.end('SIGTERM'), service.api.end('SIGTERM')])).toEqual([0, 0]);
  expect(await answer).toMatchObject({ status: 200, body: { execution: { stdout: 'done\n' } } });
  expect(service.worker.output()).toMatch(/"signal":"SIGTERM","number":15,"source":"apps\/worker\/src\/main\.ts:\d+"/);
  expect(service.api.output()).toMatch(/"signal":"SIGTERM","number":15,"source":"apps\/api\/src\/main\.ts:\d+"/);
});

test('a command that runs on past SHUTDOWN_TIMEOUT is ended in its container, and its caller told', async () => {
  const { answer } = await begin('trap "" TERM; sleep 4322; sleep 4322');
  expect(await service.worker.end('SIGINT')).toBe(0);
  expect(await answer).toMatchObject({
    status: 500,
    body: { error: { type: 'PodmanAPIError', message: expect.stringContaining('shut down') } },
  });
  expect(await testPodman().run(['exec', '--', name, 'ps'])).not.toContain('sleep 4322');
});

test('a second signal ends the process at once', async () => {
  const { answer } = await begin('sleep 4');
  service.worker.process.kill('SIGTERM');
  await service.worker.says('SIGTERM');
  expect(await service.worker.end('SIGINT')).toBe(128 + 2);
  await service.api.end('SIGTERM');
  await answer;
});
