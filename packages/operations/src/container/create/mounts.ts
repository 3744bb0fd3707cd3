import { isAbsolute } from 'node:path';
import type { Podman } from '@podman-api/podman';
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
 * allowed folders; named volumes are free.
 * @param listed `ALLOWED_MOUNTS`
 * @throws ApiError (403) for a folder that is not allowed, (400) for one that is not there
 */
export async function planMounts(
  podman: Podman,
  volumes: readonly Volume[],
  listed: readonly string[],
  restartPolicy?: string,
): Promise<MountPlan> {
  const sources = volumes.map(({ source }) => source).filter(source => isAbsolute(source));
  if (sources.length === 0) return { args: volumes.map(volume => argument(volume, volume.source)), held: [] };
  const places = await judgeFolders(sources, listed);
  const held = volumes.filter(({ source }) => places.get(source)?.vouched === false).map(({ target }) => target);
  if (held.length > 0) {
    if (restarts(restartPolicy)) throw noRestarts();
    await readMounts(podman, 'self');
  }
  return { args: volumes.map(volume => argument(volume, places.get(volume.source)?.path ?? volume.source)), held };
}

function argument({ target, mode }: Volume, place: string): string {
  return `--volume=${place}:${target}:${mode}`;
}
