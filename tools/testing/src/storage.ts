import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultStateDir, hasCode } from '@podman-api/runtime';

/**
 * Folder of the images and containers of tests, separate from those of the host's podman. It may be a symbolic link to the folder
 * of another checkout, to use the same images.
 */
export const testFolder = resolveLink(join(defaultStateDir, 'test'));

/** The graph root of the tests' storage, containers-storage.conf(5). */
export const testGraphRoot = join(testFolder, 'graph');

/**
 * The graph root of a second copy of the images, for storages that use it as an additional image store. Only the set-up writes to it:
 * podman processes that hold the locks of the tests' own storage cannot delay the readers.
 */
export const testImageStoreRoot = join(testFolder, 'image-store');

const configPath = join(testFolder, 'storage.conf');
let isPrepared = false;

/**
 * Prepares the storage of the tests, once per process.
 * @returns the variable that makes podman use it, containers-storage.conf(5)
 */
export function prepareStorage(): { CONTAINERS_STORAGE_CONF: string } {
  if (!isPrepared) prepare();
  isPrepared = true;
  return { CONTAINERS_STORAGE_CONF: configPath };
}

/**
 * Prepares the storage that holds the second copy of the images, see `testImageStoreRoot`.
 * @returns the variable that makes podman use it, containers-storage.conf(5)
 */
export function prepareImageStore(): { CONTAINERS_STORAGE_CONF: string } {
  const path = join(testFolder, 'image-store.conf');
  mkdirSync(testImageStoreRoot, { recursive: true });
  writeAtomically(path, formatStorageConf(testImageStoreRoot, prepareRunRoot('image-store-run')));
  return { CONTAINERS_STORAGE_CONF: path };
}

function prepare(): void {
  mkdirSync(testGraphRoot, { recursive: true });
  writeAtomically(configPath, formatStorageConf(testGraphRoot, prepareRunRoot('run')));
}

/**
 * Returns the path of the run root of a storage in a folder. Podman refuses `--runroot` with more than 50 characters, which conmon passes
 * to the clean-up of each container that has ended; without that clean-up, podman waits 20 s for the exit code. Users have paths of their
 * own, because they cannot use each other's files.
 */
export function runRootOf(folder: string): string {
  const owner = process.getuid?.() ?? 0;
  return join(tmpdir(), `podman-api-run-${owner}-${createHash('sha256').update(folder).digest('hex').slice(0, 12)}`);
}

/** Returns the path of a run root. The records of podman about mounts are invalid after a reboot: it is removed then. */
function prepareRunRoot(name: string): string {
  const folder = join(testFolder, name);
  const path = runRootOf(folder);
  const bootIdPath = `${folder}.boot-id`;
  const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8');
  if (readIfExists(bootIdPath) !== bootId) rmSync(path, { recursive: true, force: true });
  writeAtomically(bootIdPath, bootId);
  return path;
}

/**
 * Formats a `storage.conf` with a graph root and a run root. A rootless podman reads the first from `rootless_storage_path`, and uses
 * XDG_RUNTIME_DIR as the second, containers-storage.conf(5).
 */
export function formatStorageConf(graphRoot: string, runRoot: string): string {
  return `[storage]\ndriver = "overlay"\ngraphroot = "${graphRoot}"\nrootless_storage_path = "${graphRoot}"\nrunroot = "${runRoot}"\n`;
}

/**
 * Removes a folder with storages of podman. Podman leaves a storage mounted on itself, and its late clean-up after a container
 * mounts it again. In proc_pid_mountinfo(5), the fifth field is the mount point.
 * @returns whether the whole folder was removed
 */
export async function removeStorages(folder: string): Promise<boolean> {
  const mountPoints = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map(line => line.split(' ')[4] ?? '');
  for (const path of mountPoints.filter(point => point.startsWith(`${folder}/`)).reverse()) spawnSync('umount', [path]);
  try {
    // Not `rmSync`: in Node.js 26 it reports EBUSY without its code, as "Unknown error: Device or resource busy".
    await rm(folder, { recursive: true, force: true });
    return true;
  } catch (error) {
    if (hasCode(error, 'EBUSY') || hasCode(error, 'ENOTEMPTY')) return false;
    // Files of a container of an ordinary user belong to other users, as which only the user's namespace can remove them.
    if (hasCode(error, 'EACCES')) return spawnSync('podman', ['unshare', 'rm', '--recursive', '--force', folder]).status === 0;
    throw error;
  }
}

/** Lines of sections of containers.conf(5), such as `exit_command_delay = 1` in `engine`. */
export type SettingsLines = Readonly<Partial<Record<'engine' | 'network', readonly string[]>>>;

/**
 * Returns the text of a containers.conf with added settings, containers.conf(5).
 * @param path the file with the other settings; `undefined` if there is none
 */
export function formatSettings(path: string | undefined, addedSettings: SettingsLines): string {
  const text = path === undefined ? '' : readFileSync(path, 'utf8');
  return Object.entries(addedSettings).reduce((settings, [name, lines]) => {
    const head = new RegExp(`^\\[${name}\\]\\n`, 'm');
    const section = [`[${name}]`, ...lines, ''].join('\n');
    return head.test(settings) ? settings.replace(head, section) : `${settings}\n${section}`;
  }, text);
}

/** Replaces a file at once: another process reads either the old text or the new one. */
function writeAtomically(path: string, text: string): void {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, text);
  renameSync(draft, path);
}

function resolveLink(path: string): string {
  return existsSync(path) ? realpathSync(path) : path;
}

function readIfExists(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
