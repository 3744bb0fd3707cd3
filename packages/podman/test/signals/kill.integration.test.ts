import { randomBytes } from 'node:crypto';
import { images, testPodman, until } from '@podman-api/testing';
import { removeAfterTests, startContainer } from '@podman-api/testing/containers';
import { beforeAll, describe, expect, it } from 'vitest';
import { describeSendInContainer } from './send-in-container.ts';

const podman = testPodman();
const startWithId = async () => readId(await startContainer(images.busybox));
const readId = async (name: string) => (await podman.run(['container', 'inspect', '--format={{.Id}}', '--', name])).trim();
/** A full id. */
let container: string;
beforeAll(async () => {
  container = await startWithId();
});

const read = (path: string) => podman.run(['exec', '--', container, 'cat', path]).catch(() => '');
/** The lines that the script has written itself; its shell reports each child that SIGTERM has ended, too. */
const readWritten = async (path: string) => (await read(path)).split('\n').filter(line => ['ready', 'TERM', 'saved'].includes(line));
const kill = (id: string, ...rest: [variable: string, graceMs?: number]) => podman.kill({ reference: id, id }, ...rest);

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
    await kill(container, variable, 60_000);
    expect(await readWritten(file)).toEqual(['ready', 'TERM', 'saved']);
  });

  it('ends a command that ignores SIGTERM after the grace period', async () => {
    const { variable, file } = await startScript(`trap 'echo TERM' TERM; echo ready; while :; do sleep .1; done`);
    const started = performance.now();
    await kill(container, variable, 1000);
    expect(performance.now() - started).toBeGreaterThanOrEqual(1000);
    // On a busy host, the trap may get no CPU within the grace period; the test above shows SIGTERM.
    expect([['ready'], ['ready', 'TERM']]).toContainEqual(await readWritten(file));
  });

  it('sends no SIGTERM with a grace period of 0', async () => {
    const { variable, file } = await startScript(`trap 'echo TERM' TERM; echo ready; while :; do sleep .1; done`);
    await kill(container, variable, 0);
    expect(await readWritten(file)).toEqual(['ready']);
  });

  it('ends children that a trap leaves behind', async () => {
    const { variable } = await startScript(`trap 'sleep 4567 & exit 0' TERM; echo ready; while :; do sleep .1; done`);
    await kill(container, variable, 1000);
    expect(await podman.run(['exec', '--', container, 'ps'])).not.toContain('sleep 4567');
  });

  it('does not touch processes outside the container that have the same variable', async () => {
    const other = await startWithId();
    const variable = 'SHARED=1';
    for (const one of [container, other]) await podman.run(['exec', '--detach', `--env=${variable}`, '--', one, 'sleep', '5678']);
    const isRunning = async (one: string) => (await podman.run(['top', one, 'args'])).includes('sleep 5678');
    await until(async () => (await isRunning(container)) && (await isRunning(other)));
    expect(await kill(container, variable, 0)).toBe(true);
    expect([await isRunning(container), await isRunning(other)]).toEqual([false, true]);
    expect([await kill(container, variable, 0), await kill(container, variable)]).toEqual([false, false]);
  });

  describe('of a container that was renamed', () => {
    /** Starts a marked command in a container, renames that, and gives its old name to another one. */
    async function startAndRename() {
      const name = await startContainer(images.busybox);
      const id = await readId(name);
      const variable = `KILL_TEST=${randomBytes(6).toString('hex')}`;
      await podman.run(['exec', '--detach', `--env=${variable}`, '--', name, 'sleep', '4567']);
      await podman.run(['rename', '--', name, removeAfterTests('containers', `${name}-old`)]);
      const giveName = async () => {
        await podman.run(['rename', '--', await startContainer(images.busybox), name]);
        await podman.run(['exec', '--detach', '--env=KILL_TEST=other', '--', name, 'sleep', '5678']);
      };
      const isRunning = async (one: string, text: string) => (await podman.run(['top', one, 'args'])).includes(text);
      await until(() => isRunning(id, 'sleep 4567'));
      return { name, id, variable, giveName, isRunning };
    }

    it.each([true, false])('ends the processes if nothing has the old name (id known: %s)', async isKnown => {
      const { name, id, variable, isRunning } = await startAndRename();
      expect(await podman.kill({ reference: name, id: isKnown ? id : undefined }, variable, 0)).toBe(true);
      expect(await isRunning(id, 'sleep 4567')).toBe(false);
    });

    it.each([true, false])('ends nothing in another container that has the old name (id known: %s)', async isKnown => {
      const { name, id, variable, giveName, isRunning } = await startAndRename();
      await giveName();
      await until(() => isRunning(name, 'sleep 5678'));
      expect(await podman.kill({ reference: name, id: isKnown ? id : undefined }, variable, 0)).toBe(true);
      expect([await isRunning(id, 'sleep 4567'), await isRunning(name, 'sleep 5678')]).toEqual([false, true]);
    });
  });

  it('finds processes in a container that got the name after it was resolved', async () => {
    const { variable, file } = await startScript('echo ready; while :; do sleep .1; done');
    const name = await startContainer(images.busybox);
    const oldId = await readId(name);
    await podman.run(['rm', '--force', '--time=0', '--', name]);
    await podman.run(['rename', '--', container, name]);
    expect(await podman.kill({ reference: name, id: oldId }, variable, 0)).toBe(true);
    expect(await readWritten(file)).toEqual(['ready']);
  });
});
