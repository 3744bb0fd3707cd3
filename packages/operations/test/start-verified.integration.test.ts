import { readdirSync, readFileSync } from 'node:fs';
import { until } from '@podman-api/testing';
import { describe, expect, it } from 'vitest';
import { start } from '../src/container/start/index.ts';
import { podman, podmanThatUndoes, prepareStoppedContainers } from './start-verified.ts';

const createStoppedContainer = prepareStoppedContainers();

/** Resolves when conmon and its `podman container cleanup` have exited: no process has the id of the container in its arguments. */
async function awaitCleanup(name: string): Promise<void> {
  const id = (await podman.run(['inspect', '--format={{.Id}}', name])).trim();
  await until(() => !commandLines().some(line => line.includes(id)));
}

function commandLines(): string[] {
  return readdirSync('/proc')
    .filter(entry => /^\d+$/.test(entry))
    .map(pid => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      } catch {
        return '';
      }
    });
}

describe('start of a container with mounts to verify', () => {
  it("sets the container up again if podman's late clean-up undoes it", async () => {
    const { name, ours, readStatus } = await createStoppedContainer();
    await awaitCleanup(name);
    expect(
      await start.run(
        podmanThatUndoes(name, 2, () => awaitCleanup(name)),
        { name },
        ours,
      ),
    ).toEqual({ name, status: 'started' });
    expect(await readStatus()).toBe('running');
  });
});
