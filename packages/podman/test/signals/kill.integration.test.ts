import { randomBytes } from 'node:crypto';
import { images, testPodman, until } from '@podman-api/testing';
import { startContainer } from '@podman-api/testing/containers';
import { beforeAll, describe, expect, it } from 'vitest';
import { describeSendInContainer } from './send-in-container.ts';

const podman = testPodman();
let container: string;
beforeAll(async () => {
  container = await startContainer(images.busybox);
});

const read = (path: string) => podman.run(['exec', '--', container, 'cat', path]).catch(() => '');
/** The lines that the script has written itself; its shell reports each child that SIGTERM has ended, too. */
const readWritten = async (path: string) => (await read(path)).split('\n').filter(line => ['ready', 'TERM', 'saved'].includes(line));

/** Starts a shell script in the container, marked with a variable, and waits until it has written "ready". */
async function startScript(script: string): Promise<{ readonly variable: string; readonly file: string }> {
  const id = randomBytes(6).toString('hex');
  const [variable, file] = [`KILL_TEST=${id}`, `/tmp/${id}`];
  const line = `exec >>${file} 2>&1; ${script}`;
  await podman.run(['exec', '--detach', `--env=${variable}`, '--', container, 'sh', '-c', line]);
  await until(async () => (await read(file)).includes('ready'));
  return { variable, file };
}

// Other images, and containers with large environments, are tried in `npm run test:all`.
describeSendInContainer('plain');

describe('Podman.kill', () => {
  it('sends SIGTERM once and lets a trap finish its work', async () => {
    const { variable, file } = await startScript(
      `trap 'echo TERM; sleep .5; echo saved; exit 0' TERM; echo ready; while :; do sleep .1; done`,
    );
    await podman.kill(container, variable, 60_000);
    expect(await readWritten(file)).toEqual(['ready', 'TERM', 'saved']);
  });

  it('ends a command that ignores SIGTERM after the grace period', async () => {
    const { variable, file } = await startScript(`trap 'echo TERM' TERM; echo ready; while :; do sleep .1; done`);
    const started = performance.now();
    await podman.kill(container, variable, 1000);
    expect(performance.now() - started).toBeGreaterThanOrEqual(1000);
    // On a busy host, the trap may get no CPU within the grace period; the test above shows SIGTERM.
    expect([['ready'], ['ready', 'TERM']]).toContainEqual(await readWritten(file));
  });

  it('sends no SIGTERM with a grace period of 0', async () => {
    const { variable, file } = await startScript(`trap 'echo TERM' TERM; echo ready; while :; do sleep .1; done`);
    await podman.kill(container, variable, 0);
    expect(await readWritten(file)).toEqual(['ready']);
  });

  it('ends children that a trap leaves behind', async () => {
    const { variable } = await startScript(`trap 'sleep 4567 & exit 0' TERM; echo ready; while :; do sleep .1; done`);
    await podman.kill(container, variable, 1000);
    expect(await podman.run(['exec', '--', container, 'ps'])).not.toContain('sleep 4567');
  });

  it('does not touch processes outside the container that have the same variable', async () => {
    const other = await startContainer(images.busybox);
    const variable = 'SHARED=1';
    for (const one of [container, other]) await podman.run(['exec', '--detach', `--env=${variable}`, '--', one, 'sleep', '5678']);
    const isRunning = async (one: string) => (await podman.run(['top', one, 'args'])).includes('sleep 5678');
    await until(async () => (await isRunning(container)) && (await isRunning(other)));
    expect(await podman.kill(container, variable, 0)).toBe(true);
    expect([await isRunning(container), await isRunning(other)]).toEqual([false, true]);
    expect([await podman.kill(container, variable, 0), await podman.kill(container, variable)]).toEqual([false, false]);
  });
});
