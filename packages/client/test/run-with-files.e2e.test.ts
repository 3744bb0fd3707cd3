import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { images, sharedService } from '@podman-api/testing';
import { describe, expect, it } from 'vitest';
import { createCommandLine } from './command-line.ts';
import { createTestFolder } from './test-folder.ts';

const podmanApi = createCommandLine(sharedService().url);
/** A folder on this host. */
const folder = createTestFolder();

describe('run --file --output', () => {
  it('puts files with their modes in, writes the output, and copies files out', async () => {
    const script = join(folder, 'double.sh');
    const copy = join(folder, 'copy.bin');
    writeFileSync(script, '#!/bin/sh\nread n\necho $((n * 2))\nprintf "\\377a" >/work/out\n', { mode: 0o755 });
    const command = ['run', '--rm', '-i', '--file', `${script}:/work/double.sh`, '--output', `/work/out:${copy}`, images.busybox];
    const result = await podmanApi.shell(`echo 21 | podman-api ${command.join(' ')} sh -c '/work/double.sh; exit 3'`);
    expect(result).toEqual({ code: 3, stdout: '42\n', stderr: '' });
    expect(readFileSync(copy)).toEqual(Buffer.from('\xffa', 'latin1'));
  });
});
