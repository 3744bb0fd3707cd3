import { closeSync, constants, fstatSync, opendirSync, openSync, readlinkSync, type Stats } from 'node:fs';
import { basename } from 'node:path';
import type { ContainerFile, FileType } from '../protocol.ts';
import type { Accounts } from './accounts.ts';
import { FileError, toFileError } from './failure.ts';
import { O_PATH, type Place, pathOf, type Tree } from './tree.ts';

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
export function formatMode(mode: number): string {
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
  const target = stats.isSymbolicLink() ? readlinkSync(pathOf(folder, name)) : null;
  return describeFile(accounts, path, stats, target);
}

/**
 * Lists the files below a folder, level by level; symbolic links are not followed. Files that disappear meanwhile are
 * left out.
 * @param path may end with a symbolic link to the folder
 * @throws FileError (not-found, not-directory)
 */
export function listFolder(tree: Tree, accounts: Accounts, path: string, depth: number, limit: number): readonly ContainerFile[] {
  const start = requirePlace(tree.resolve(path, { followsLast: true, isChange: false }));
  if (!start.stats.isDirectory()) throw new FileError('not-directory', start.path);
  const files: ContainerFile[] = [];
  let level: { readonly path: string }[] = [{ path: start.path }];
  for (let remaining = depth; remaining > 0 && level.length > 0; remaining -= 1) {
    const next: { readonly path: string }[] = [];
    for (const folder of level) {
      for (const file of readFolder(tree, accounts, folder.path, limit - files.length)) {
        files.push(file);
        if (file.type === 'directory') next.push(file);
      }
      if (files.length >= limit) return files;
    }
    level = next;
  }
  return files;
}

/** Describes at most `limit` files of a folder, sorted by name. */
function readFolder(tree: Tree, accounts: Accounts, path: string, limit: number): readonly ContainerFile[] {
  const fds: number[] = [];
  try {
    const { fd } = requirePlace(tree.resolve(path, { followsLast: false, isChange: false }));
    const folder = openSync(pathOf(fd), constants.O_RDONLY | constants.O_DIRECTORY);
    fds.push(fd, folder);
    return readNames(folder, limit).flatMap(name => describeName(accounts, folder, name, `${path === '/' ? '' : path}/${name}`));
  } catch (error) {
    if (toFileError(error, path).failure === 'not-found') return [];
    throw error;
  } finally {
    for (const fd of fds) closeSync(fd);
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

/** Returns at most `limit` names in an open folder, sorted; a folder may have more than fit into memory. */
export function readNames(folder: number, limit: number): readonly string[] {
  const names: string[] = [];
  const open = opendirSync(pathOf(folder));
  try {
    for (let entry = open.readSync(); entry && names.length < limit; entry = open.readSync()) names.push(entry.name);
  } finally {
    open.closeSync();
  }
  return names.sort();
}
