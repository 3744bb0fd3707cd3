import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPodman } from '@podman-api/podman';
import { describe, expect, it } from 'vitest';

/**
 * A podman whose log driver has no file. Its log never ends, and for the last lines it collects bytes in a separate process, as
 * podman does: slowly, so that the growth is noticed on a busy host too. It ends by itself, and at 2 GB of memory, if the test is killed.
 */
const endlessPodman = `#!/bin/sh
case "$1 $2" in
  'container inspect') echo 'journald ' ;;
  'secret ls' | info*) echo /no-such-folder ;;
  'logs --tail='*) ulimit -v 2000000; timeout --foreground 600 sh -c 'while head -c 1000000 /dev/zero; do sleep .01; done' | tail -n 1 ;;
  *) exec timeout --foreground 600 cat /dev/zero ;;
esac
`;

describe('Podman.logs without a log file', () => {
  it('ends a podman that collects more than 256 MiB in memory', async context => {
    const folder = mkdtempSync(join(tmpdir(), 'podman-api-test-'));
    context.onTestFinished(() => rmSync(folder, { recursive: true }));
    const binary = join(folder, 'podman');
    writeFileSync(binary, endlessPodman, { mode: 0o755 });
    const podman = createPodman({ maxProcesses: 1, binary });
    await expect(podman.logs('web', { tail: 1, timestamps: false }, 1024)).rejects.toMatchObject({
      reason: 'too-much-memory',
      message: expect.stringContaining('too large for podman to find its last lines'),
    });
    // The limit on processes is free again.
    await expect(podman.run(['container', 'inspect'])).resolves.toBe('journald \n');
  });
});
