import { existsSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import type { Podman } from '@podman-api/podman';
import { forbiddenError } from '../../policy/enforce-policy.ts';
import { checkMountSources, hasAutomaticRestart, type MountSource, restartError } from '../mounts/mount-policy.ts';
import { readMounts } from '../mounts/read-mounts.ts';
import type { VolumeMount } from './volumes.ts';

/** Mounts of the volumes of a create. */
export interface MountPlan {
  /** Podman's `--volume` for each volume. */
  readonly args: readonly string[];
  /** Paths in the container whose mounts must be verified before the container's process starts. */
  readonly targetsToVerify: readonly string[];
}

/**
 * Checks the volumes of a create and plans their mounts. A folder of the host is mounted by its real path, which must lie under
 * one of the allowed folders; volumes with and without a name are always allowed.
 * @param listed `ALLOWED_MOUNTS`
 * @param hasSelinux whether files of the host have SELinux labels
 * @throws ApiError (403) for a folder that is not allowed, (400) for one that does not exist
 */
export async function planMounts(
  podman: Podman,
  volumes: readonly VolumeMount[],
  listed: readonly string[],
  restartPolicy?: string,
  hasSelinux: boolean = existsSync('/sys/fs/selinux/enforce'),
): Promise<MountPlan> {
  const folders = volumes.flatMap(volume => (isFolder(volume) ? [volume] : []));
  if (folders.length === 0) return { args: volumes.map(volume => argument(volume, volume.source)), targetsToVerify: [] };
  const sources = await checkMountSources(
    folders.map(({ source }) => source),
    listed,
  );
  if (hasSelinux) rejectRelabels(folders);
  const targetsToVerify = folders.filter(({ source }) => sources.get(source)?.isAllowlistRoot === false).map(({ target }) => target);
  if (targetsToVerify.length > 0) {
    if (hasAutomaticRestart(restartPolicy)) throw restartError();
    await readMounts(podman, 'self');
  }
  const args = volumes.map(volume => (isFolder(volume) ? folderArgument(volume, sources) : argument(volume, volume.source)));
  return { args, targetsToVerify };
}

type Folder = VolumeMount & { readonly source: string };

function isFolder(volume: VolumeMount): volume is Folder {
  return volume.source !== undefined && isAbsolute(volume.source);
}

/**
 * Refuses SELinux relabelling. Podman labels the files of a folder by their paths: a container that changes the folder meanwhile
 * could make it label other files of the host.
 * @throws ApiError (403) that lists the folders to label
 */
function rejectRelabels(folders: readonly Folder[]): void {
  const why = 'z and Z would change SELinux labels on the host; label the directory there (chcon -Rt container_file_t), and leave them out';
  const refused = folders.filter(({ relabel }) => relabel !== undefined);
  if (refused.length > 0) throw forbiddenError(refused.map(({ source }) => ({ path: 'volumes', message: `volumes: ${source}: ${why}` })));
}

/** Without SELinux there is nothing to label, so `z` and `Z` are left out. */
function folderArgument({ source, target, mode }: Folder, sources: ReadonlyMap<string, MountSource>): string {
  return argument({ target, mode }, sources.get(source)?.path ?? source);
}

function argument({ target, mode, relabel }: VolumeMount, source: string | undefined): string {
  if (source === undefined) return `--volume=${target}`;
  return `--volume=${source}:${target}:${mode}${relabel === undefined ? '' : `,${relabel}`}`;
}
