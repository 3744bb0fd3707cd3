import { images, startService, testPodman, until } from '@podman-api/testing';
import { startContainer } from '@podman-api/testing/containers';
import { describe, expect, it } from 'vitest';

const podman = testPodman();

/**
 * Returns the arguments of each process in a container, except zombies, which podman shows in brackets: the `sleep` of the container
 * does not reap its children.
 */
export async function listProcesses(name: string): Promise<string[]> {
  const lines = (await podman.run(['top', name, 'args'])).trimEnd().split('\n');
  return lines
    .slice(1)
    .map(line => line.trim())
    .filter(args => !args.startsWith('['));
}

/** Defines a test for each signal that ends a worker with exec sessions. */
export function describeSessionEnds(...signals: readonly ('SIGKILL' | 'SIGTERM')[]): void {
  describe.concurrent('a worker with exec sessions', () => {
    it.for([...signals])('leaves no session behind after %s, idle or in use', async (signal, { onTestFinished }) => {
      const [service, busy, idle] = await Promise.all([
        startService({ SHUTDOWN_TIMEOUT: '0' }),
        startContainer(images.busybox),
        startContainer(images.debian),
      ]);
      onTestFinished(() => service.stop());
      const { call, worker } = service;
      for (const name of [busy, idle]) {
        await until(async () => {
          await call('POST', `/containers/${name}/exec`, { command: ['true'] });
          return (await listProcesses(name)).includes('sh');
        });
      }
      const response = call('POST', `/containers/${busy}/exec`, { command: 'touch /started; while ! [ -e /go ]; do usleep 10000; done' });
      await until(async () => (await podman.run(['exec', '--', busy, 'sh', '-c', 'ls /started || :'])) !== '');
      await worker.end(signal);
      // A command of a killed worker continues.
      await podman.run(['exec', '--', busy, 'touch', '/go']);
      for (const name of [busy, idle]) await until(async () => (await listProcesses(name)).join() === 'sleep 600');
      expect((await response).status).not.toBe(200);
    });
  });
}
