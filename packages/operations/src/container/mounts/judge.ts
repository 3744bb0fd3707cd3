import { lstat, realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type ErrorDetail, invalid } from '@podman-api/errors';
import { forbidden } from '../../policy/allow.ts';
import { allowedFolders, isUnder } from './allowed-folders.ts';

/** A folder of the host that may be mounted. */
export interface Place {
  /** Its real path. */
  readonly path: string;
  /** It is itself an allowed folder, which no container can put something else in the place of. */
  readonly vouched: boolean;
}

/**
 * Judges the folders of the host that are to be mounted, as they are now.
 * @param listed `ALLOWED_MOUNTS`
 * @returns the places, by the paths asked for
 * @throws ApiError (403) that lists all that is refused, (400) for an allowed one that is not there
 */
export async function judgeFolders(sources: readonly string[], listed: readonly string[]): Promise<ReadonlyMap<string, Place>> {
  const folders = await allowedFolders(listed);
  const judged = await Promise.all(sources.map(async source => [source, await judge(source, folders)] as const));
  const refused = judged.flatMap(([source, verdict]) => (typeof verdict === 'string' ? [refusal(source, verdict)] : []));
  if (refused.length > 0) throw forbidden(refused);
  const missing = judged.find(([, verdict]) => verdict === undefined);
  if (missing) throw invalid('volumes', `volumes: the host has no ${missing[0]}; make it there first.`);
  return new Map(judged.flatMap(([source, verdict]) => (typeof verdict === 'object' ? [[source, verdict] as const] : [])));
}

const outside = 'it does not lie under a folder in ALLOWED_MOUNTS';

/** @returns the place, why it is refused, or nothing where it is not there */
async function judge(source: string, folders: readonly string[]): Promise<Place | string | undefined> {
  if (source.split('/').includes('..')) return 'its path has "..", where a folder in ALLOWED_MOUNTS or below it must be named directly';
  const path = await realpath(source).catch(() => undefined);
  if (path === undefined) return (await wouldBeIn(folders, source)) ? undefined : outside;
  if (!folders.some(folder => isUnder(path, folder))) return outside;
  if (!(await isDirectory(path))) return 'it is no folder, and ALLOWED_MOUNTS allows nothing else';
  if (path.includes(':')) return 'its real path has a colon, which no path below ALLOWED_MOUNTS may have';
  return { path, vouched: folders.includes(path) };
}

/**
 * Whether a path that is not there could be made in one of the folders. A link is not followed to what is not there:
 * nobody learns of what the host has elsewhere.
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
