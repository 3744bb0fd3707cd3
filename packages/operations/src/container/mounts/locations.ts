import { relative, resolve } from 'node:path';
import type { Mount } from '@podman-api/podman';
import { isUnder } from './allowed-folders.ts';

/** A folder as a file system and a path in it, which stay the same if its path on the host leads elsewhere later. */
export type Location = Pick<Mount, 'device' | 'root'>;

/**
 * Returns the locations of a folder of the host: on the mount that contains it, and on the mounts that lie in it.
 * @param folder its real path
 * @param mounts the mounts that this process sees
 */
export function findLocations(folder: string, mounts: readonly Mount[]): Location[] {
  const holding = mounts.filter(({ target }) => isUnder(folder, target));
  const nearest = holding.reduce<Mount | undefined>(
    (best, mount) => (best === undefined || mount.target.length >= best.target.length ? mount : best),
    undefined,
  );
  const inside = mounts.filter(({ target }) => target !== folder && isUnder(target, folder));
  const own = nearest && { device: nearest.device, root: resolve(nearest.root, relative(nearest.target, folder)) };
  return own ? [own, ...inside] : [];
}

/** Returns whether a location lies in one of others. */
export function liesIn({ device, root }: Location, locations: readonly Location[]): boolean {
  return locations.some(location => location.device === device && isUnder(root, location.root));
}
