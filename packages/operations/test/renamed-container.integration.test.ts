import { randomUUID } from 'node:crypto';
import { JobOutcomeError } from '@podman-api/errors';
import { images, testPodman, until } from '@podman-api/testing';
import { removeAfterTests, startContainer } from '@podman-api/testing/containers';
import { describe, expect, it } from 'vitest';
import { exec } from '../src/container/exec/index.ts';
import { validateInput } from '../src/index.ts';
import { context } from './recording-podman.ts';

const podman = testPodman();
const argsIn = (container: string) => podman.run(['top', container, 'args']);

/** Starts an exec of `sleep 4321`, and then renames its container. */
async function startExecAndRename() {
  const name = await startContainer(images.busybox);
  const newName = removeAfterTests('containers', `${name}-old`);
  const controller = new AbortController();
  const jobContext = { ...context, job: randomUUID(), signal: controller.signal };
  const input = validateInput(exec, { name, command: ['sleep', '4321'] });
  const ended = exec.run(podman, input, jobContext).then(
    () => undefined,
    (error: unknown) => error,
  );
  await until(async () => (await argsIn(name)).includes('sleep 4321'));
  await podman.run(['rename', '--', name, newName]);
  return { name, newName, controller, ended, recover: () => exec.recover?.(podman, input, jobContext) };
}

describe('container.exec in a container that is renamed meanwhile', () => {
  it('ends the command at the time limit', async () => {
    const { newName, controller, ended } = await startExecAndRename();
    const reason = new JobOutcomeError('timed_out', 'The job reached its time limit.');
    controller.abort(reason);
    expect(await ended).toMatchObject({ outcome: 'timed_out' });
    expect(await argsIn(newName)).not.toContain('sleep 4321');
  });

  it('ends the command, and nothing in a container that has the old name, if the worker has died', async () => {
    const { name, newName, ended, recover } = await startExecAndRename();
    await podman.run(['rename', '--', await startContainer(images.busybox, 'sleep', '5678'), name]);
    await recover();
    await ended;
    expect(await argsIn(newName)).not.toContain('sleep 4321');
    expect(await argsIn(name)).toContain('sleep 5678');
  });
});
