import { closeSync, constants, fstatSync, openSync, type Stats } from 'node:fs';
import { basename } from 'node:path';
import type { ContainerFile, FileFailure, FileType } from '../protocol.ts';
import type { Accounts } from './accounts.ts';
import { openNames, readLink } from './byte-strings.ts';
import { FileError, hasSystemCode, toFileError } from './failure.ts';
import { childPath, O_PATH, type Place, pathOf, type Tree } from './tree.ts';

/** Returns the type of a file by its status. */
export function typeOf(stats: Stats): FileType {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  if (stats.isSymbolicLink()) return 'symlink';
  if (stats.isFIFO()) return 'pipe';
  if (stats.isSocket()) return 'socket';
  return stats.isBlockDevice() ? 'block_device' : 'character_device';
}

/** Describes a file. @param target of a symbolic link */
export function describeFile(accounts: Accounts, path: string, stats: Stats, target: string | null = null): ContainerFile {
  const [uid, gid] = [accounts.uids.toContainer(stats.uid), accounts.gids.toContainer(stats.gid)];
  return {
    path,
    name: path === '/' ? '/' : basename(path),
    type: typeOf(stats),
    size: stats.size,
    mode: formatMode(stats.mode),
    owner: accounts.userName(uid),
    group: accounts.groupName(gid),
    uid,
    gid,
    modified_at: stats.mtime.toISOString(),
    symlink_target: target,
  };
}

/** Returns permission bits, with setuid, setgid and sticky, as four octal digits. */
function formatMode(mode: number): string {
  return (mode & 0o7777).toString(8).padStart(4, '0');
}

/** Describes the file at a path; a symbolic link at its end is not followed. @throws FileError (not-found) */
export function statPath(tree: Tree, accounts: Accounts, path: string): ContainerFile {
  return describePlace(accounts, requirePlace(tree.resolve(path, { followsLast: false, isChange: false })));
}

/** A place where a file exists. */
export type ExistingPlace = Place & { readonly fd: number; readonly stats: Stats };

/** @throws FileError (not-found) if nothing is there */
export function requirePlace({ fd, stats, ...place }: Place): ExistingPlace {
  if (fd === undefined || stats === undefined) throw new FileError('not-found', place.path);
  return { ...place, fd, stats };
}

/** Describes the file at a place. */
export function describePlace(accounts: Accounts, { folder, name, stats, path }: ExistingPlace): ContainerFile {
  const target = stats.isSymbolicLink() ? readLink(pathOf(folder, name)) : null;
  return describeFile(accounts, path, stats, target);
}

/**
 * Lists the files below a folder, level by level; symbolic links are not followed. Files that disappear meanwhile are
 * left out, and a folder below that cannot be read, such as one of a process in /proc, is listed without its content.
 * @param path may end with a symbolic link to the folder
 * @throws FileError (not-found, not-directory)
 */
export function listFolder(tree: Tree, accounts: Accounts, path: string, depth: number, limit: number): readonly ContainerFile[] {
  const start = requirePlace(tree.resolve(path, { followsLast: true, isChange: false }));
  if (!start.stats.isDirectory()) throw new FileError('not-directory', start.path);
  tree.close(start);
  const files: ContainerFile[] = [];
  let level: { readonly path: string }[] = [{ path: start.path }];
  for (let remaining = depth; remaining > 0 && level.length > 0; remaining -= 1) {
    const next: { readonly path: string }[] = [];
    for (const folder of level) {
      for (const file of readUnlessUnreadable(tree, accounts, folder.path, limit - files.length, remaining === depth)) {
        files.push(file);
        if (file.type === 'directory') next.push(file);
      }
      if (files.length >= limit) return files;
    }
    level = next;
  }
  return files;
}

/** Failures for a folder that was removed or replaced since it was listed; `gone` is that of a process in /proc. */
const replacedFailures: ReadonlySet<FileFailure> = new Set(['not-found', 'not-directory', 'loop', 'gone']);

/** @param isStart whether it is the folder of the request, which must be readable */
function readUnlessUnreadable(tree: Tree, accounts: Accounts, path: string, limit: number, isStart: boolean): readonly ContainerFile[] {
  try {
    return readFolder(tree, accounts, path, limit);
  } catch (error) {
    const { failure } = toFileError(error, path);
    const isForbidden = hasSystemCode(error, 'EACCES', 'EPERM');
    if (isStart ? failure === 'not-found' : replacedFailures.has(failure) || isForbidden) return [];
    throw error;
  }
}

/** Describes at most `limit` files of a folder, sorted by name. */
function readFolder(tree: Tree, accounts: Accounts, path: string, limit: number): readonly ContainerFile[] {
  const place = requirePlace(tree.resolve(path, { followsLast: false, isChange: false }));
  let folder: number | undefined;
  try {
    const fd = openSync(pathOf(place.fd), constants.O_RDONLY | constants.O_DIRECTORY);
    folder = fd;
    return readNames(fd, limit).flatMap(name => describeName(accounts, fd, name, childPath(path, name)));
  } finally {
    tree.close(place);
    if (folder !== undefined) closeSync(folder);
  }
}

/** @returns an empty list if the file has disappeared */
function describeName(accounts: Accounts, folder: number, name: string, path: string): readonly ContainerFile[] {
  let fd: number | undefined;
  try {
    fd = openSync(pathOf(folder, name), O_PATH | constants.O_NOFOLLOW);
    return [describePlace(accounts, { folder, name, fd, stats: fstatSync(fd), path })];
  } catch {
    return [];
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/** Returns at most `limit` names in an open folder, sorted. */
export function readNames(folder: number, limit: number): readonly string[] {
  const names: string[] = [];
  const reader = openNames(pathOf(folder));
  try {
    for (let name = reader.next(); name !== undefined && names.length < limit; name = reader.next()) names.push(name);
  } finally {
    reader.close();
  }
  return names.sort();
}
