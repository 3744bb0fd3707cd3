import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
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
    extract(join(folder, file), target);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A Debian release, such as `trixie`, and a mirror that has it. */
export interface DebianRelease {
  readonly release: string;
  readonly mirror: string;
}

/**
 * Unpacks a package of a Debian release other than the host's. The lists of packages of that release are in a folder of their
 * own, so the host stays as it is.
 * @throws SetupError if the mirror does not have it
 */
export function unpackFromDebian(name: string, { release, mirror }: DebianRelease, target: string): void {
  log(`unpacking the package ${name} of Debian ${release} into ${target} (apt-get download)`);
  const folder = mkdtempSync(join(tmpdir(), 'podman-api-setup-'));
  try {
    for (const part of ['lists/partial', 'cache/archives/partial', 'package']) mkdirSync(join(folder, part), { recursive: true });
    writeFileSync(join(folder, 'sources.list'), `deb ${mirror} ${release} main\n`);
    const options = [
      `Dir::State::Lists=${join(folder, 'lists')}`,
      `Dir::Cache=${join(folder, 'cache')}`,
      `Dir::Etc::SourceList=${join(folder, 'sources.list')}`,
      'Dir::Etc::SourceParts=-',
      'APT::Sandbox::User=root',
    ].flatMap(option => ['-o', option]);
    run('apt-get', [...options, 'update']);
    const { ok, output } = run('apt-get', [...options, 'download', name], { cwd: join(folder, 'package') });
    const [file] = readdirSync(join(folder, 'package'));
    if (!ok || file === undefined) {
      throw new SetupError(
        `"apt-get download ${name}" of Debian ${release} failed: ${lastLine(output)}`,
        `Install ${name}, then run the same command again.`,
      );
    }
    extract(join(folder, 'package', file), target);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function extract(file: string, target: string): void {
  const unpacked = run('dpkg-deb', ['--extract', file, target]);
  if (!unpacked.ok)
    throw new SetupError(`dpkg-deb failed: ${lastLine(unpacked.output)}`, 'Fix the cause, then run the same command again.');
}

function download(name: string, folder: string) {
  return run('apt-get', ['download', name], { cwd: folder });
}

function lastLine(output: string): string {
  return output.split('\n').at(-1) ?? '';
}
