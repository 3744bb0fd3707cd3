import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../run.ts';
import { aptSource } from './apt-source.ts';

/** What a root file system for tests need not have. */
const ballast = ['var/cache/apt', 'var/lib/apt/lists', 'usr/share/doc', 'usr/share/man', 'usr/share/locale', 'usr/share/zoneinfo'];

/**
 * Makes an archive of a minimal Debian of this host's release, with debootstrap.
 * @param archive where it is to be
 */
export function makeDebianRoot(archive: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'podman-api-debian-'));
  try {
    const { uri, suite } = aptSource();
    must(run('debootstrap', ['--variant=minbase', suite, folder, uri]));
    for (const path of ballast) rmSync(join(folder, path), { recursive: true, force: true });
    must(run('tar', ['--directory', folder, '--create', '--file', archive, '--exclude=./dev/*', '.']));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function must({ ok, output }: { ok: boolean; output: string }): void {
  if (!ok) throw new Error(output.split('\n').slice(-5).join('\n'));
}
