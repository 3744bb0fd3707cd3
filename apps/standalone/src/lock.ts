import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '@podman-api/runtime';

/**
 * Makes sure that one standalone at a time uses a state folder.
 * @returns gives the folder back
 * @throws ConfigError where another uses it
 */
export function holdLock(folder: string): () => void {
  const path = join(folder, 'standalone.pid');
  mkdirSync(folder, { recursive: true });
  const other = Number(readIfThere(path));
  if (other > 0 && other !== process.pid && isStandalone(other)) {
    throw new ConfigError(`podman-api runs already from this folder (process ${other}): stop it first, or use another checkout.`);
  }
  writeFileSync(path, String(process.pid));
  return () => rmSync(path, { force: true });
}

/** A process's number may have gone to another program since. */
function isStandalone(pid: number): boolean {
  return readIfThere(`/proc/${pid}/cmdline`).includes('apps/standalone');
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
