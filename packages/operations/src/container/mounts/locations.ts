import { relative, resolve } from 'node:path';
import type { Mount } from '@podman-api/podman';
import { isUnder } from './allowed-folders.ts';

/** A folder, told apart from what its path may come to mean: a file system and a path in that. */
export type Location = Pick<Mount, 'device' | 'root'>;

/**
 * Where a folder of the host is: on the mount that holds it, and on those that lie in it.
 * @param folder its real path
 * @param mounts what this process sees
 */
export function locationsOf(folder: string, mounts: readonly Mount[]): Location[] {
  const holding = mounts.filter(({ target }) => isUnder(folder, target));
  const nearest = holding.reduce<Mount | undefined>(
    (best, mount) => (best === undefined || mount.target.length >= best.target.length ? mount : best),
    undefined,
  );
  const inside = mounts.filter(({ target }) => target !== folder && isUnder(target, folder));
  const own = nearest && { device: nearest.device, root: resolve(nearest.root, relative(nearest.target, folder)) };
  return own ? [own, ...inside] : [];
}

/** Whether something lies in one of the locations. */
export function liesIn({ device, root }: Location, locations: readonly Location[]): boolean {
  return locations.some(location => location.device === device && isUnder(root, location.root));
}
