import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkoutState } from '@podman-api/runtime';

/** Where tests keep images and containers, apart from those of the host's podman. */
export const testFolder = join(checkoutState, 'test');

/**
 * Makes ready a storage of the tests' own.
 * @returns the variable that makes podman use it, containers-storage.conf(5)
 */
export function prepareStorage(): { CONTAINERS_STORAGE_CONF: string } {
  const graph = join(testFolder, 'graph');
  const run = join(testFolder, 'run');
  const boot = join(testFolder, 'boot');
  const conf = join(testFolder, 'storage.conf');
  mkdirSync(graph, { recursive: true });
  // What podman notes of mounts does not outlive a restart of the host.
  const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8');
  if (readIfThere(boot) !== bootId) rmSync(run, { recursive: true, force: true });
  writeFileSync(boot, bootId);
  writeFileSync(conf, `[storage]\ndriver = "overlay"\ngraphroot = "${graph}"\nrunroot = "${run}"\n`);
  return { CONTAINERS_STORAGE_CONF: conf };
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
