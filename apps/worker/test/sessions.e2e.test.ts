import { images, sharedService, until } from '@podman-api/testing';
import { startContainer } from '@podman-api/testing/containers';
import { describe, expect, it } from 'vitest';
import { describeSessionEnds, processesIn } from './session-ends.ts';

// A worker that is killed is tried in `npm run test:all`.
describeSessionEnds('SIGTERM');

describe.concurrent('worker with exec sessions', () => {
  it('ends execs alike before and after their container has a session', async () => {
    const { call } = sharedService();
    const name = await startContainer(images.busybox);
    const exec = async () =>
      (await call('POST', `/containers/${name}/exec`, { command: 'echo out; echo err >&2; exit 3' })).field('execution');
    const expected = { exit_code: 3, stdout: 'out\n', stderr: 'err\n', truncated: false };
    await until(async () => {
      expect(await exec()).toMatchObject(expected);
      return (await processesIn(name)).includes('sh');
    });
    for (let index = 0; index < 20; index += 1) expect(await exec()).toMatchObject(expected);
  });
});
