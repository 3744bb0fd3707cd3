import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Podman } from '@podman-api/podman';
import { images, testPodman } from '@podman-api/testing';
import { ownName } from '@podman-api/testing/containers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { create } from '../src/container/create/index.ts';
import { start } from '../src/container/start/index.ts';
import { context } from './recording-podman.ts';

/** Containers that are started one after the other. Of ten, some met a late clean-up whenever the attempts had no pauses. */
const rounds = 10;

const podman = testPodman();
let folder: string;
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'podman-api-mounts-')));
  mkdirSync(join(folder, 'sub'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/**
 * A podman that undoes a set-up whenever the mounts are about to be verified, `times` times. It does not wait for the clean-up that
 * podman itself does then, which undoes the next set-up if that comes too early.
 */
function podmanThatUndoes(name: string, times: number): Podman {
  let left = times;
  return {
    ...podman,
    async mountsOf(pid) {
      if (pid !== 'self' && left-- > 0) await podman.run(['container', 'cleanup', name]);
      return podman.mountsOf(pid);
    },
  };
}

/** Creates a container with a mount that has to be verified, and stops it; podman's own clean-up after its run may come later. */
async function createStoppedContainer() {
  const name = ownName();
  const volumes = { [join(folder, 'sub')]: '/data' };
  const ours = { ...context, job: name, policy: { ...context.policy, mounts: [folder] } };
  await create.run(podman, { image: images.busybox, name, command: ['sleep', '600'], network: 'none', volumes }, ours);
  await podman.run(['stop', '--time=0', name]);
  const readStatus = async () => (await podman.run(['inspect', '--format={{.State.Status}}', name])).trim();
  return { name, ours, readStatus };
}

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
