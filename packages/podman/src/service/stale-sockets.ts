import { once } from 'node:events';
import { readdir, rm, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';

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
    if (stats && Date.now() - stats.mtimeMs > minAgeMs && !(await isListening(path))) await rm(path, { force: true });
  }
}

async function isListening(path: string): Promise<boolean> {
  const connection = connect(path);
  try {
    await once(connection, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    connection.destroy();
  }
}
