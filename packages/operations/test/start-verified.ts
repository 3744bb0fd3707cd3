import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Podman } from '@podman-api/podman';
import { images, testPodman } from '@podman-api/testing';
import { uniqueContainerName } from '@podman-api/testing/containers';
import { afterAll, beforeAll } from 'vitest';
import { create } from '../src/container/create/index.ts';
import type { TaskContext } from '../src/operation.ts';
import { context } from './recording-podman.ts';

export const podman = testPodman();

/** A container with a mount that has to be verified. */
export interface VerifiedContainer {
  readonly name: string;
  /** The context of a job that may mount the folder. */
  readonly ours: TaskContext;
  /** Returns podman's status of the container. */
  readStatus(): Promise<string>;
}

/**
 * Creates the folder of the host that the containers of a file's tests mount, and removes it after them.
 * @returns a function that creates such a container and stops it. Podman's own clean-up after its run may come later.
 */
export function prepareStoppedContainers(): () => Promise<VerifiedContainer> {
  let folder: string;
  beforeAll(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'podman-api-mounts-')));
    mkdirSync(join(folder, 'sub'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  return async () => {
    const name = uniqueContainerName();
    const volumes = { [join(folder, 'sub')]: '/data' };
    const ours = { ...context, job: name, policy: { ...context.policy, mounts: [folder] } };
    await create.run(podman, { image: images.busybox, name, command: ['sleep', '600'], network: 'none', volumes }, ours);
    await podman.run(['stop', '--time=0', name]);
    return { name, ours, readStatus: async () => (await podman.run(['inspect', '--format={{.State.Status}}', name])).trim() };
  };
}

/**
 * Creates a podman that undoes the set-up of a container whenever its mounts are about to be verified, up to a number of times.
 * @param afterwards called after each clean-up
 */
export function podmanThatUndoes(name: string, times: number, afterwards: () => Promise<void> = async () => {}): Podman {
  let left = times;
  return {
    ...podman,
    async mountsOf(pid) {
      if (pid !== 'self' && left-- > 0) {
        await podman.run(['container', 'cleanup', name]);
        await afterwards();
      }
      return podman.mountsOf(pid);
    },
  };
}
