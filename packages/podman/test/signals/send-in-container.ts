import { findPodmanSettings } from '@podman-api/runtime';
import { type ImageName, images, testPodman, until } from '@podman-api/testing';
import { startContainer } from '@podman-api/testing/containers';
import { prepareStorage } from '@podman-api/testing/storage';
import { describe, expect, it } from 'vitest';
import { sendInContainer } from '../../src/signals/send-signal.ts';

const podman = testPodman();
const settings = findPodmanSettings();
const env = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', XDG_RUNTIME_DIR: process.env['XDG_RUNTIME_DIR'] ?? '' };
const host = { binary: 'podman', env: { ...env, ...prepareStorage(), ...(settings !== undefined && { CONTAINERS_CONF: settings }) } };

/**
 * Defines the tests of the fallback for workers that cannot see the host's processes, because they run as an ordinary
 * user or in a container.
 */
export function describeSendInContainer(...names: readonly ImageName[]): void {
  describe.concurrent('sendInContainer', () => {
    it.each([...names])('signals the processes of one job under any user in a %s container', async image => {
      const send = sendInContainer(host, async reference => reference);
      const name = await startContainer(images[image]);
      const target = { reference: name, id: undefined };
      const start = (user: string, job: string, ...rest: string[]) =>
        podman.run(['exec', '--detach', `--user=${user}`, `--env=PODMAN_API_JOB=${job}`, ...rest]);
      for (const user of ['0', '4711']) {
        await start(user, 'x_1', '--env=LATE=1', '--', name, 'sleep', '4321');
        await start(user, 'x_12', '--', name, 'sleep', '8765');
      }
      const count = async (text: string) =>
        (await podman.run(['exec', '--', name, 'sh', '-c', 'cat /proc/[0-9]*/cmdline | tr "\\000" " "'])).split(text).length - 1;
      await until(async () => (await count('sleep 4321')) === 2 && (await count('sleep 8765')) === 2);
      expect(await send('SIGKILL', target, 'PODMAN_API_JOB=x_1')).toBe(2);
      await until(async () => (await count('sleep 4321')) === 0);
      expect(await count('sleep 8765')).toBe(2);
      expect(await send('SIGKILL', target, 'PODMAN_API_JOB=x_1')).toBe(0);
    });
  });
}
