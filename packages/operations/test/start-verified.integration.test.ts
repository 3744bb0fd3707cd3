import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Podman } from '@podman-api/podman';
import { images, testPodman } from '@podman-api/testing';
import { ownName } from '@podman-api/testing/containers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { create } from '../src/container/create.ts';
import { start } from '../src/container/start.ts';
import { context } from './recording-podman.ts';

const podman = testPodman();
let folder: string;
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'podman-api-mounts-')));
  mkdirSync(join(folder, 'sub'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A podman whose clean-up after the last run comes when the mounts are set up, so often. */
function withLateCleanUp(name: string, times: number): Podman {
  let left = times;
  return {
    ...podman,
    async mountsOf(pid) {
      if (pid !== 'self' && left-- > 0) await podman.run(['container', 'cleanup', name]);
      return podman.mountsOf(pid);
    },
  };
}

async function stopped() {
  const name = ownName();
  const volumes = { [join(folder, 'sub')]: '/data' };
  const ours = { ...context, job: name, policy: { ...context.policy, mounts: [folder] } };
  await create.run(podman, { image: images.busybox, name, command: ['sleep', '600'], network: 'none', volumes }, ours);
  await podman.run(['stop', '--time=0', name]);
  const stateOf = async () => (await podman.run(['inspect', '--format={{.State.Status}}', name])).trim();
  return { name, ours, stateOf };
}

test('podman’s late clean-up undoes what was set up: it is set up again', async () => {
  const { name, ours, stateOf } = await stopped();
  expect(await start.run(withLateCleanUp(name, 2), { name }, ours)).toEqual({ name, status: 'started' });
  expect(await stateOf()).toBe('running');
});

test('what is undone each time is a conflict, and nothing is left running', async () => {
  const { name, ours, stateOf } = await stopped();
  await expect(start.run(withLateCleanUp(name, 3), { name }, ours)).rejects.toMatchObject({ status: 409 });
  expect(await stateOf()).not.toMatch(/running|initialized/);
});
