import { images, sharedContainer, sharedService } from '@podman-api/testing';
import { startContainer } from '@podman-api/testing/containers';
import { describe, expect, it } from 'vitest';
import { testCommands } from './exec/commands.ts';
import { exec } from './exec/target.ts';
import { testTimeLimit } from './exec/time-limit.ts';

const { call } = sharedService();
const targetOf = (container: string) => ({ call, container });

// Debian is tested in `npm run test:all`.
describe('POST /containers/:name/exec in the image busybox', () => {
  testCommands(() => targetOf(sharedContainer('busybox')));
});

describe('POST /containers/:name/exec', () => {
  testTimeLimit(() => targetOf(sharedContainer('busybox')));

  it('returns 409 for a container that is not running', async () => {
    const name = await startContainer(images.plain);
    await call('POST', `/containers/${name}/stop?timeout=0`);
    expect(await exec(targetOf(name), { command: 'true' })).toMatchObject({
      status: 409,
      body: { error: { type: 'ConflictError', message: expect.stringContaining('start it first') } },
    });
  });

  it('returns 404 for a container that does not exist', async () => {
    expect(await exec(targetOf('no-such'), { command: 'true' })).toMatchObject({
      status: 404,
      body: { error: { type: 'NotFoundError', message: 'There is no container no-such.' } },
    });
  });

  it('runs argv, with stdin, in a container without a shell', async () => {
    const bare = targetOf(sharedContainer('bare'));
    expect((await exec(bare, { command: ['sleep', '0'], stdin: 'x' })).field('execution')).toMatchObject({ exit_code: 0 });
    expect((await exec(bare, { command: 'sleep 0' })).field('execution')).toMatchObject({ exit_code: 127 });
  });
});
