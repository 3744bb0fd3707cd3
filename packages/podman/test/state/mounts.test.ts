import { describe, expect, it } from 'vitest';
import { createMountsOf, parseMounts } from '../../src/state/mounts.ts';

describe('mounts of a process', () => {
  it('are read from mountinfo, with escapes resolved', () => {
    const text = [
      '27 1 254:0 / / rw,relatime - ext4 /dev/vda rw',
      '2337 2336 254:0 /srv/a\\040b/c\\011d /data\\134x ro,relatime shared:1 master:2 - ext4 /dev/vda rw',
      '',
    ].join('\n');
    expect(parseMounts(text)).toEqual([
      { device: '254:0', root: '/', target: '/' },
      { device: '254:0', root: '/srv/a b/c\td', target: '/data\\x' },
    ]);
  });

  it('are those of a running process, and undefined for a missing one', async () => {
    const mountsOf = createMountsOf({ binary: 'podman', env: {} });
    expect(await mountsOf('self')).toContainEqual(expect.objectContaining({ target: '/proc' }));
    expect(await mountsOf(0)).toBeUndefined();
  });

  it('are undefined for a podman on another machine', async () => {
    const mountsOf = createMountsOf({ binary: 'podman', env: { CONTAINER_HOST: 'ssh://host' } });
    expect(await mountsOf('self')).toBeUndefined();
  });
});
