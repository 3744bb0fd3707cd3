import { realpath } from 'node:fs/promises';
import { normalize, sep } from 'node:path';

/**
 * The real paths of the folders that may be mounted themselves. The operator vouches for each: nobody but them can
 * put something else in its place. So one that lies in another, whose contents containers may change, is none.
 */
export async function allowedFolders(listed: readonly string[]): Promise<readonly string[]> {
  const outer = outermost(listed.map(folder => normalize(folder)));
  const real = await Promise.all(outer.map(folder => realpath(folder).catch(() => undefined)));
  return outermost(real.filter(path => path !== undefined));
}

/** Whether a path is a folder or lies in it; both as they are written. */
export function isUnder(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

function outermost(paths: readonly string[]): string[] {
  const trimmed = [...new Set(paths.map(path => (path.length > 1 && path.endsWith(sep) ? path.slice(0, -1) : path)))];
  return trimmed.filter(path => !trimmed.some(other => other !== path && isUnder(path, other)));
}
