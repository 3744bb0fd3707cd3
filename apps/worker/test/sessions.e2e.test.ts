import { images, sharedService, until } from '@podman-api/testing';
import { startContainer } from '@podman-api/testing/containers';
import { describe, expect, it } from 'vitest';
import { listProcesses } from './session-ends.ts';

describe('exec in a container with a session', () => {
  it('returns the same result before and after the session is opened', async () => {
    const { call } = sharedService();
    const name = await startContainer(images.busybox);
    const exec = async () =>
      (await call('POST', `/containers/${name}/exec`, { command: 'echo out; echo err >&2; exit 3' })).field('execution');
    const expected = { exit_code: 3, stdout: 'out\n', stderr: 'err\n', truncated: false };
    await until(async () => {
      expect(await exec()).toMatchObject(expected);
      return (await listProcesses(name)).includes('sh');
    });
    for (let index = 0; index < 20; index += 1) expect(await exec()).toMatchObject(expected);
  });
});
