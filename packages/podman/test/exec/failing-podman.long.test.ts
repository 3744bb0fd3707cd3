import { copyFileSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { images, testPodman, until } from '@podman-api/testing';
import { startContainer, uniqueContainerName } from '@podman-api/testing/containers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { podmanWithSessions, warmUp } from '../sessions/exec-in-session.ts';
import { execToEnd } from './exec-outcomes.ts';

const commands = [{ argv: ['sh', '-c', 'echo ran'] }, { argv: ['echo', 'ran'] }, { argv: ['cat'], stdin: 'x' }] as const;

describe('podman exec', () => {
  it('does not return a missing runtime as the result of a command', async () => {
    const podman = testPodman();
    const info = JSON.parse(await podman.run(['info', '--format=json']));
    const folder = mkdtempSync(join(tmpdir(), 'podman-api-test-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const runtime = join(folder, 'runc');
    copyFileSync(info.host.ociRuntime.path, runtime);
    const container = uniqueContainerName();
    const flags = ['--detach', `--name=${container}`, '--network=none', '--pull=never'];
    await podman.run([`--runtime=${runtime}`, 'run', ...flags, '--', images.busybox, 'sleep', '600']);
    renameSync(runtime, `${runtime}.away`);
    try {
      for (const command of commands)
        expect(await execToEnd(podman, { container, ...command })).toMatchObject({ reason: 'no-runtime', stdout: '', stderr: '' });
    } finally {
      // Podman needs it to remove the container.
      renameSync(`${runtime}.away`, runtime);
      await podman.run(['rm', '--force', '--time=0', '--', container]);
    }
  });

  it.each([
    ['cold', 0],
    ['after a session', 4],
  ])('does not return a stopping container as the result of a command, %s', async (_title, sessions) => {
    const podman = podmanWithSessions({ onTestFinished }, { maxSessions: sessions });
    const container = await startContainer(images.busybox, 'sh', '-c', 'trap "" TERM; while :; do sleep 0.1; done');
    if (sessions > 0) await warmUp(podman, container);
    const stopping = testPodman()
      .run(['stop', '--time=600', '--', container])
      .catch(() => {});
    const readStatus = async () => (await testPodman().run(['container', 'inspect', '--format={{.State.Status}}', '--', container])).trim();
    await until(async () => (await readStatus()) === 'stopping');
    for (const command of commands) {
      const result = await execToEnd(podman, { container, ...command });
      // A session still runs commands after the stop of its container has started, until the container has stopped.
      if (result.exitCode === 0) expect(sessions).toBeGreaterThan(0);
      else expect(result).toMatchObject({ reason: 'not-running', stdout: '', stderr: '' });
    }
    await testPodman().run(['kill', '--signal=KILL', '--', container]);
    await stopping;
  });
});
