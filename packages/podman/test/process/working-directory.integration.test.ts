import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { images, skipWithoutLimits, testPodman, until } from '@podman-api/testing';
import { uniqueContainerName } from '@podman-api/testing/containers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

describe('createPodman', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'podman-api-test-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('runs podman in the working directory it is given, so that conmon leaves no file oom in that of the worker', async context => {
    skipWithoutLimits(context);
    const podman = testPodman(4, { cwd: folder });
    const name = uniqueContainerName();
    await podman.run(['run', '--detach', `--name=${name}`, '--memory=32m', '--network=none', '--', images.busybox, 'sleep', '600']);
    const argv = ['sh', '-c', 'x=xxxxxxxxxxxxxxxx; while :; do x=$x$x; done'];
    const { exitCode } = await podman.exec({ container: name, argv, environment: {} }, { onOutput: () => undefined });
    expect(exitCode).not.toBe(0);
    await until(() => existsSync(join(folder, 'oom')));
  });
});
