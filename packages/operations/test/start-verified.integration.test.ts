import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Podman } from '@podman-api/podman';
import { images, testPodman, until } from '@podman-api/testing';
import { ownName } from '@podman-api/testing/containers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { create } from '../src/container/create/index.ts';
import { start } from '../src/container/start/index.ts';
import { context } from './recording-podman.ts';

const podman = testPodman();
let folder: string;
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'podman-api-mounts-')));
  mkdirSync(join(folder, 'sub'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A podman that cleans the container up whenever its mounts are about to be verified, `times` times. */
function podmanWithLateCleanup(name: string, times: number): Podman {
  let left = times;
  return {
    ...podman,
    async mountsOf(pid) {
      if (pid !== 'self' && left-- > 0) {
        await podman.run(['container', 'cleanup', name]);
        await awaitCleanup(name);
      }
      return podman.mountsOf(pid);
    },
  };
}

/** Creates a container with a mount that has to be verified, stops it, and waits for podman's own clean-up after its run. */
async function createStoppedContainer() {
  const name = ownName();
  const volumes = { [join(folder, 'sub')]: '/data' };
  const ours = { ...context, job: name, policy: { ...context.policy, mounts: [folder] } };
  await create.run(podman, { image: images.busybox, name, command: ['sleep', '600'], network: 'none', volumes }, ours);
  await podman.run(['stop', '--time=0', name]);
  await awaitCleanup(name);
  const readStatus = async () => (await podman.run(['inspect', '--format={{.State.Status}}', name])).trim();
  return { name, ours, readStatus };
}

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
    expect(await start.run(podmanWithLateCleanup(name, 4), { name }, ours)).toEqual({ name, status: 'started' });
    expect(await readStatus()).toBe('running');
  });
});
