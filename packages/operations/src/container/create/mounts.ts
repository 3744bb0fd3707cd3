import { realpath } from 'node:fs/promises';
import { isAbsolute, resolve, sep } from 'node:path';
import { ApiError, invalid } from '@podman-api/errors';
import type { Volume } from './volumes.ts';

/**
 * Podman's `--volume` for each volume. A folder of the host is named by its real path, which must lie under one
 * of the allowed folders; symlinks and `..` lead nowhere else. Named volumes are free.
 * @throws ApiError (403) for a folder that is not allowed, (400) for one that is not there
 */
export async function volumeArguments(volumes: readonly Volume[], allowed: readonly string[]): Promise<string[]> {
  return Promise.all(
    volumes.map(async ({ source, target, mode }) => {
      const place = isAbsolute(source) ? await allowedPath(source, allowed) : source;
      return `--volume=${place}:${target}:${mode}`;
    }),
  );
}

async function allowedPath(source: string, allowed: readonly string[]): Promise<string> {
  const folders = await Promise.all(allowed.map(folder => realpath(folder).catch(() => undefined)));
  const path = await realpath(source).catch(() => undefined);
  const inside = folders.some(folder => folder !== undefined && path !== undefined && isUnder(path, folder));
  if (inside && path !== undefined && !path.includes(':')) return path;
  if (path === undefined && allowed.some(folder => isUnder(resolve(source), folder))) {
    throw invalid('volumes', `volumes: the host has no ${source}; make it there first.`);
  }
  throw new ApiError('ForbiddenError', `volumes: ${source} may not be mounted: it does not lie under a folder in ALLOWED_MOUNTS.`);
}

function isUnder(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}
