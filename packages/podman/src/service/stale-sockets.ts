import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isStaleSocket } from '@podman-api/runtime';

/** Age below which a socket is kept: its service may not listen yet. */
const minAgeMs = 60_000;

/**
 * Removes the sockets of a folder that nothing listens on: those of workers that were killed. Process ids in their names would not identify
 * these, because a worker may be in a container.
 */
export async function removeStaleSockets(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const stats = await stat(path).catch(() => undefined);
    if (stats && Date.now() - stats.mtimeMs > minAgeMs && (await isStaleSocket(path))) await rm(path, { force: true });
  }
}
