import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findAptSource } from './apt-source.ts';
import { runOrThrow } from './run-or-throw.ts';

/** Folders that a root file system for tests does not need. */
const unneededFolders = ['var/cache/apt', 'var/lib/apt/lists', 'usr/share/doc', 'usr/share/man', 'usr/share/locale', 'usr/share/zoneinfo'];

/**
 * Makes an archive of a minimal Debian of this host's release, with debootstrap.
 * @param archive path of the result
 */
export function makeDebianRoot(archive: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'podman-api-debian-'));
  try {
    const { uri, suite } = findAptSource();
    debootstrap(suite, folder, uri);
    for (const path of unneededFolders) rmSync(join(folder, path), { recursive: true, force: true });
    runOrThrow('tar', ['--directory', folder, '--create', '--file', archive, '--exclude=./dev/*', '.']);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Makes the root file system of a minimal Debian in a folder. What debootstrap mounts there stays in a mount namespace of its
 * own, so no other process can keep it from being unmounted, and the folder can be removed at once.
 * @param mirror URL of the archive
 */
export function debootstrap(suite: string, folder: string, mirror: string): void {
  runOrThrow('unshare', ['--mount', 'debootstrap', '--variant=minbase', suite, folder, mirror]);
}
