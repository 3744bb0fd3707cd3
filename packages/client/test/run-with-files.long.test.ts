import { images, sharedService } from '@podman-api/testing';
import { describe, expect, it } from 'vitest';
import { createCommandLine } from './command-line.ts';
import { createTestFolder } from './test-folder.ts';

const podmanApi = createCommandLine(sharedService().url);
/** A folder on this host. */
const folder = createTestFolder();

describe('run --file --output', () => {
  it('exits with 242 if a file is missing, and with 244 after the time limit', async () => {
    expect(await podmanApi.run('run', '--rm', '--output', `/no/such:${folder}/x`, images.busybox, 'true')).toEqual({
      code: 242,
      stdout: '',
      stderr: expect.stringMatching(/^podman-api: \/no\/such cannot be copied: .+\n$/),
    });
    const endless = 'trap exit TERM; while :; do usleep 20000; done';
    const flags = ['--rm', '--timeout', '1', '--file', '/etc/hostname:/x'];
    expect(await podmanApi.run('run', ...flags, images.busybox, 'sh', '-c', endless)).toEqual({
      code: 244,
      stdout: '',
      stderr: expect.stringContaining('time limit'),
    });
  });

  it.each([
    ['without --rm', ['--file', '/etc/hostname:/x']],
    ['with --detach', ['-d', '--output', '/x']],
    ['with --name', ['--rm', '--name', 'x', '--output', '/x']],
    ['for a file that cannot be read', ['--rm', '--file', '/no/such/file:/x']],
    ['for a relative path', ['--rm', '--output', 'x']],
  ])('exits with 240 %s', async (_why, flags) => {
    expect(await podmanApi.run('run', ...flags, images.busybox, 'true')).toMatchObject({ code: 240, stdout: '' });
  });
});
