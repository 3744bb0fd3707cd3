import { realpath } from 'node:fs/promises';
import { normalize, sep } from 'node:path';

/**
 * Returns the real paths of the folders of ALLOWED_MOUNTS. Only the operator can replace such a folder itself, so it can be
 * mounted by its path. A folder that lies in another one is left out, because containers may change the contents of that one.
 * @param listed `ALLOWED_MOUNTS`
 */
export async function resolveAllowedFolders(listed: readonly string[]): Promise<readonly string[]> {
  const outer = outermost(listed.map(folder => normalize(folder)));
  const real = await Promise.all(outer.map(folder => realpath(folder).catch(() => undefined)));
  return outermost(real.filter(path => path !== undefined));
}

/** Returns whether a path is a folder or lies in it; no symlinks are resolved. */
export function isUnder(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

function outermost(paths: readonly string[]): string[] {
  const trimmed = [...new Set(paths.map(path => (path.length > 1 && path.endsWith(sep) ? path.slice(0, -1) : path)))];
  return trimmed.filter(path => !trimmed.some(other => other !== path && isUnder(path, other)));
}
