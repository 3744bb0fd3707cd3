import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { selectRootlessIsolation } from '../src/build/build-isolation.ts';

const folder = mkdtempSync(join(tmpdir(), 'podman-api-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('selectRootlessIsolation', () => {
  it('lets podman 5 make the bridge', () => {
    expect(selectRootlessIsolation('5.4.2', '/usr/bin')).toEqual({ args: ['--isolation=oci'], env: {} });
  });

  it('gives podman 4 a slirp4netns that disables the loopback interface of the host', () => {
    const installed = join(folder, 'installed');
    mkdirSync(installed);
    writeFileSync(join(installed, 'slirp4netns'), '#!/bin/sh\nprintf "%s\\n" "$PATH" "$@"\n', { mode: 0o700 });
    const path = `${installed}:/usr/bin:/bin`;
    const { args, env } = selectRootlessIsolation('4.9.3', path);
    expect(args).toEqual(['--isolation=rootless', '--network=private']);
    const output = execFileSync('slirp4netns', ['--mtu', '65520', '42', 'tap0'], { encoding: 'utf8', env });
    expect(output).toBe(`${path}\n--disable-host-loopback\n--mtu\n65520\n42\ntap0\n`);
  });
});
