import { existsSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultStateDir } from '@podman-api/runtime';

/**
 * Where tests keep images and containers, apart from those of the host's podman. Another checkout may have a symbolic link
 * here, to use the same images.
 */
export const testFolder = resolveLink(join(defaultStateDir, 'test'));

/** Where the tests' images are, containers-storage.conf(5). */
export const testGraph = join(testFolder, 'graph');

const conf = join(testFolder, 'storage.conf');
let prepared = false;

/**
 * Makes ready a storage of the tests' own, once a process.
 * @returns the variable that makes podman use it, containers-storage.conf(5)
 */
export function prepareStorage(): { CONTAINERS_STORAGE_CONF: string } {
  if (!prepared) prepare();
  prepared = true;
  return { CONTAINERS_STORAGE_CONF: conf };
}

function prepare(): void {
  const run = join(testFolder, 'run');
  const boot = join(testFolder, 'boot');
  mkdirSync(testGraph, { recursive: true });
  // What podman notes of mounts does not outlive a restart of the host.
  const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8');
  if (readIfThere(boot) !== bootId) rmSync(run, { recursive: true, force: true });
  writeWhole(boot, bootId);
  writeWhole(conf, storageConf(testGraph, run));
}

/**
 * A `storage.conf` with a graph root and a run root; an ordinary user's podman takes the one by another name and has the
 * other in XDG_RUNTIME_DIR, containers-storage.conf(5).
 */
export function storageConf(graph: string, run: string): string {
  return `[storage]\ndriver = "overlay"\ngraphroot = "${graph}"\nrootless_storage_path = "${graph}"\nrunroot = "${run}"\n`;
}

/** Another test file, or its podman, may be reading it just now, and finds all of it, or what was there before. */
function writeWhole(path: string, text: string): void {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, text);
  renameSync(draft, path);
}

function resolveLink(path: string): string {
  return existsSync(path) ? realpathSync(path) : path;
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
