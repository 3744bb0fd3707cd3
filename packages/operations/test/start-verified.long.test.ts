import { describe, expect, it } from 'vitest';
import { start } from '../src/container/start/index.ts';
import { podman, podmanThatUndoes, prepareStoppedContainers } from './start-verified.ts';

/** Containers that are started one after the other. Of ten, some met a late clean-up whenever the attempts had no pauses. */
const rounds = 10;

const createStoppedContainer = prepareStoppedContainers();

// `podmanThatUndoes` does not wait for the clean-up that podman itself does then, which undoes the next set-up if that comes too early.
describe('start of a container with mounts to verify', () => {
  it("succeeds whenever podman's clean-up after its last run and after undone set-ups comes", async () => {
    for (let round = 0; round < rounds; round += 1) {
      const { name, ours, readStatus } = await createStoppedContainer();
      expect(await start.run(podmanThatUndoes(name, 2), { name }, ours)).toEqual({ name, status: 'started' });
      expect(await readStatus()).toBe('running');
      await podman.run(['rm', '--force', '--time=0', name]);
    }
  });

  it('is a conflict if it is undone each time, and leaves nothing running', async () => {
    const { name, ours, readStatus } = await createStoppedContainer();
    await expect(start.run(podmanThatUndoes(name, Number.POSITIVE_INFINITY), { name }, ours)).rejects.toMatchObject({ status: 409 });
    expect(await readStatus()).not.toMatch(/running|initialized/);
  });
});
