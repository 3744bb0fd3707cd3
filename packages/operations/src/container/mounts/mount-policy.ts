import { lstat, realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type ApiError, type ErrorDetail, invalidField } from '@podman-api/errors';
import { forbiddenError } from '../../policy/enforce-policy.ts';
import { isUnder, resolveAllowedFolders } from './allowed-folders.ts';

/** A folder of the host that may be mounted. */
export interface MountSource {
  /** Its real path. */
  readonly path: string;
  /** Whether it is itself a folder of ALLOWED_MOUNTS, which no container can replace. */
  readonly isAllowlistRoot: boolean;
}

/**
 * Checks the folders of the host that are to be mounted against ALLOWED_MOUNTS, as they are now.
 * @param listed `ALLOWED_MOUNTS`
 * @returns the folders, by the paths in the request
 * @throws ApiError (403) that lists all that is refused, (400) for an allowed folder that does not exist
 */
export async function checkMountSources(sources: readonly string[], listed: readonly string[]): Promise<ReadonlyMap<string, MountSource>> {
  const folders = await resolveAllowedFolders(listed);
  const results = await Promise.all(sources.map(async source => [source, await checkSource(source, folders)] as const));
  const refused = results.flatMap(([source, result]) => (typeof result === 'string' ? [refusal(source, result)] : []));
  if (refused.length > 0) throw forbiddenError(refused);
  const missing = results.find(([, result]) => result === undefined);
  if (missing) throw invalidField('volumes', `volumes: the host has no ${missing[0]}; create it there first.`);
  return new Map(results.flatMap(([source, result]) => (typeof result === 'object' ? [[source, result] as const] : [])));
}

const outside = 'it does not lie under a directory in ALLOWED_MOUNTS';

/** @returns the folder, why it is refused, or `undefined` if it does not exist */
async function checkSource(source: string, folders: readonly string[]): Promise<MountSource | string | undefined> {
  if (source.split('/').includes('..')) return 'its path has "..": name a directory in ALLOWED_MOUNTS or below it directly';
  const path = await realpath(source).catch(() => undefined);
  if (path === undefined) return (await wouldBeIn(folders, source)) ? undefined : outside;
  if (!folders.some(folder => isUnder(path, folder))) return outside;
  if (!(await isDirectory(path))) return 'it is not a directory, and ALLOWED_MOUNTS allows only directories';
  if (path.includes(':')) return 'its real path has a colon, which no path below ALLOWED_MOUNTS may have';
  return { path, isAllowlistRoot: folders.includes(path) };
}

/**
 * Returns whether a path that does not exist could be created in one of the folders. A dangling symlink is not followed:
 * callers must not learn what exists elsewhere on the host.
 */
async function wouldBeIn(folders: readonly string[], source: string): Promise<boolean> {
  for (let path = source; path !== dirname(path); path = dirname(path)) {
    const stats = await lstat(path).catch(() => undefined);
    if (!stats) continue;
    const real = await realpath(path).catch(() => undefined);
    return real !== undefined && folders.some(folder => isUnder(real, folder));
  }
  return false;
}

async function isDirectory(path: string): Promise<boolean> {
  return stat(path).then(
    stats => stats.isDirectory(),
    () => false,
  );
}

function refusal(source: string, why: string): ErrorDetail {
  return { path: 'volumes', message: `volumes: ${source} may not be mounted: ${why}` };
}

/** Returns whether podman restarts a container by itself, in which case its mounts are not checked. */
export function hasAutomaticRestart(restartPolicy: string | undefined): boolean {
  return restartPolicy !== undefined && restartPolicy !== '' && restartPolicy !== 'no';
}

/** Returns a 403: a container that podman restarts by itself cannot have a folder below an allowed one. */
export function restartError(): ApiError {
  const message =
    'restart_policy: a directory below one of ALLOWED_MOUNTS cannot be mounted with it, because podman would mount it at a restart without a check; mount the directory of ALLOWED_MOUNTS itself, or use no restart_policy';
  return forbiddenError([{ path: 'restart_policy', message }]);
}
