import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '@podman-api/runtime';

/**
 * Locks a state folder for this process, by a file with its process id.
 *
 * A lock is stale only if its process is gone. proper-lockfile instead treats a lock as stale when its file was not updated
 * for some seconds: it would steal the lock of a process that gets no CPU time, and reject a restart after a kill.
 * @returns a function that releases the lock
 * @throws ConfigError if another standalone process holds it
 */
export function acquireLock(folder: string): () => void {
  const path = join(folder, 'standalone.pid');
  mkdirSync(folder, { recursive: true });
  const holder = Number(readIfExists(path));
  if (holder > 0 && holder !== process.pid && isStandalone(holder)) {
    throw new ConfigError(`podman-api already runs from this directory (process ${holder}): stop it first, or use another checkout.`);
  }
  writeFileSync(path, String(process.pid));
  return () => rmSync(path, { force: true });
}

/** Returns whether a running process is a standalone service: the kernel may have reused the id for another program. */
function isStandalone(pid: number): boolean {
  return readIfExists(`/proc/${pid}/cmdline`).includes('apps/standalone');
}

/** Returns the text of a file; empty if it cannot be read. */
function readIfExists(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
