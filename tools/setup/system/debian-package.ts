import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { log, run, SetupError } from './run.mjs';

/** Unpacks a Debian package into a folder. It is not installed, and no root is needed if apt has lists of packages. */
export function unpackDebianPackage(name: string, target: string): void {
  log(`unpacking the Debian package ${name} into ${target} (apt-get download)`);
  const folder = mkdtempSync(join(tmpdir(), 'podman-api-setup-'));
  try {
    if (!download(name, folder).ok && process.getuid?.() === 0) run('apt-get', ['update']);
    const { ok, output } = download(name, folder);
    const [file] = readdirSync(folder);
    if (!ok || file === undefined) {
      throw new SetupError(
        `"apt-get download ${name}" failed: ${lastLine(output)}`,
        `Put ${name} on the path or run "apt-get update" as root, then run the same command again.`,
      );
    }
    const unpacked = run('dpkg-deb', ['--extract', join(folder, file), target]);
    if (!unpacked.ok)
      throw new SetupError(`dpkg-deb failed: ${lastLine(unpacked.output)}`, 'Fix the cause, then run the same command again.');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function download(name: string, folder: string) {
  return run('apt-get', ['download', name], { cwd: folder });
}

function lastLine(output: string): string {
  return output.split('\n').at(-1) ?? '';
}
