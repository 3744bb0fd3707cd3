import { images, startService, testPodman, until } from '@podman-api/testing';
import { startContainer } from '@podman-api/testing/containers';
import { describe, expect, it, onTestFinished } from 'vitest';

describe('a worker that stops', () => {
  it('waits for a command with a long stop_timeout, and ends it in its container', async () => {
    const service = await startService({ SHUTDOWN_TIMEOUT: '1' });
    onTestFinished(() => service.stop());
    const podman = testPodman();
    const name = await startContainer(images.busybox);
    const body = { command: 'touch /begun; trap "" TERM; sleep 4323; sleep 4323', stop_timeout: 8 };
    const response = service.call('POST', `/containers/${name}/exec`, body);
    await until(async () => (await podman.run(['exec', '--', name, 'sh', '-c', 'ls /begun || :'])) !== '');
    expect(await service.worker.end('SIGTERM')).toBe(0);
    expect(await response).toMatchObject({ status: 500, body: { error: { message: expect.stringContaining('shut down') } } });
    expect(await podman.run(['exec', '--', name, 'ps'])).not.toContain('sleep 4323');
  });

  it('exits at once if it runs nothing, also without a Redis', async () => {
    const service = await startService({ SHUTDOWN_TIMEOUT: '600' });
    onTestFinished(() => service.stop());
    await service.redis.kill();
    expect(await service.worker.end('SIGTERM')).toBe(0);
  });
});
