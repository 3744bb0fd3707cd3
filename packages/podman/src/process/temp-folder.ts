import { chmod, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode } from '@podman-api/runtime';

/**
 * Returns the folder for the temporary files of a job's podman. Podman puts the layers that it downloads into `TMPDIR` and leaves
 * them there if it is ended (seen with 4.3). The default is podman's own, containers.conf(5).
 */
export function tempFolderPath(job: string): string {
  return join(process.env['TMPDIR'] ?? '/var/tmp', `podman-api-${job}`);
}

/** Creates the folder for the temporary files of a job's podman. @returns its path */
export async function createTempFolder(job: string): Promise<string> {
  const folder = tempFolderPath(job);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/** Removes the folder for the temporary files of a job's podman, if there is one. */
export async function removeTempFolder(job: string): Promise<void> {
  const folder = tempFolderPath(job);
  const remove = () => rm(folder, { recursive: true, force: true });
  await remove().catch(async (error: unknown) => {
    if (!hasCode(error, 'EACCES')) throw error;
    await unlockFolders(Buffer.from(folder));
    await remove();
  });
}

/**
 * Gives this user access to a folder and the folders in it: a build that is ended leaves some with the mode 0. Root needs no access. The
 * `rm` that has failed still removes other folders meanwhile.
 */
async function unlockFolders(folder: Buffer): Promise<void> {
  await chmod(folder, 0o700);
  // As bytes: a name in a build context need not be UTF-8.
  for (const entry of await readdir(folder, { withFileTypes: true, encoding: 'buffer' })) {
    if (entry.isDirectory()) await unlockFolders(Buffer.concat([folder, Buffer.from('/'), entry.name])).catch(ignoreMissing);
  }
}

function ignoreMissing(error: unknown): void {
  if (!hasCode(error, 'ENOENT')) throw error;
}
