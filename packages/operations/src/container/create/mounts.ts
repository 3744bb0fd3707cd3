import { existsSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import type { Podman } from '@podman-api/podman';
import { forbidden } from '../../policy/allow.ts';
import { judgeFolders } from '../mounts/judge.ts';
import { readMounts } from '../mounts/read-mounts.ts';
import { noRestarts, restarts } from '../mounts/restart.ts';
import type { Volume } from './volumes.ts';

/** How a create mounts what it was asked to. */
export interface MountPlan {
  /** Podman's `--volume` for each volume. */
  readonly args: readonly string[];
  /** Where the container has folders that have to be looked at once they are mounted, before its process starts. */
  readonly held: readonly string[];
}

/**
 * Judges the volumes of a create. A folder of the host is named by its real path, which must lie under one of the
 * allowed folders; named volumes and new ones without a name are free.
 * @param listed `ALLOWED_MOUNTS`
 * @param hasSelinux whether files of the host have SELinux labels
 * @throws ApiError (403) for a folder that is not allowed, (400) for one that is not there
 */
export async function planMounts(
  podman: Podman,
  volumes: readonly Volume[],
  listed: readonly string[],
  restartPolicy?: string,
  hasSelinux: boolean = existsSync('/sys/fs/selinux/enforce'),
): Promise<MountPlan> {
  const folders = volumes.flatMap(volume => (isFolder(volume) ? [volume] : []));
  if (folders.length === 0) return { args: volumes.map(volume => argument(volume, volume.source)), held: [] };
  const places = await judgeFolders(
    folders.map(({ source }) => source),
    listed,
  );
  if (hasSelinux) refuseRelabels(folders);
  const held = folders.filter(({ source }) => places.get(source)?.vouched === false).map(({ target }) => target);
  if (held.length > 0) {
    if (restarts(restartPolicy)) throw noRestarts();
    await readMounts(podman, 'self');
  }
  return { args: volumes.map(volume => (isFolder(volume) ? folderArgument(volume, places) : argument(volume, volume.source))), held };
}

type Folder = Volume & { readonly source: string };

function isFolder(volume: Volume): volume is Folder {
  return volume.source !== undefined && isAbsolute(volume.source);
}

/**
 * Podman labels the files of a folder by their paths, before its process starts: a container that changes the folder meanwhile
 * could have other files of the host labelled.
 * @throws ApiError (403) that lists the folders to label
 */
function refuseRelabels(folders: readonly Folder[]): void {
  const why = 'z and Z would change SELinux labels on the host; label the folder there (chcon -Rt container_file_t), and leave them out';
  const refused = folders.filter(({ relabel }) => relabel !== undefined);
  if (refused.length > 0) throw forbidden(refused.map(({ source }) => ({ path: 'volumes', message: `volumes: ${source}: ${why}` })));
}

/** Without SELinux there is nothing to label, so `z` and `Z` are left out. */
function folderArgument({ source, target, mode }: Folder, places: Awaited<ReturnType<typeof judgeFolders>>): string {
  return argument({ target, mode }, places.get(source)?.path ?? source);
}

function argument({ target, mode, relabel }: Volume, source: string | undefined): string {
  if (source === undefined) return `--volume=${target}`;
  return `--volume=${source}:${target}:${mode}${relabel === undefined ? '' : `,${relabel}`}`;
}
