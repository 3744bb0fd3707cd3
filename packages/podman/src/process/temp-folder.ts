import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

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
  await rm(tempFolderPath(job), { recursive: true, force: true });
}
