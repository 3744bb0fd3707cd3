import { closeSync, constants, fchmodSync, fchownSync, fstatSync, mkdirSync, openSync, renameSync, rmdirSync, unlinkSync } from 'node:fs';
import type { ContainerFile, HelperRequestOf } from '../protocol.ts';
import type { Accounts } from './accounts.ts';
import { describeFile, describePlace, readNames, requirePlace } from './entries.ts';
import { FileError, hasSystemCode } from './failure.ts';
import { rejectKernelFileSystem, rejectMount } from './mount-checks.ts';
import { O_PATH, pathOf, type Tree } from './tree.ts';

const directoryFlags = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
/** Number of files of a folder that are removed before the next names are read. */
const namesPerRead = 1000;
/** Depth below which a folder is not removed; each level needs an open file. */
const maxDepth = 500;

/** Creates a folder with the mode 0755 unless it exists; another request may create it at the same time. @returns whether it is new */
export function ensureFolder(parent: number, name: string): boolean {
  try {
    mkdirSync(pathOf(parent, name), { mode: 0o755 });
    return true;
  } catch (error) {
    if (hasSystemCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/**
 * Creates a folder, and those above it. Mode and owner of one that exists change only if they are given.
 * @throws FileError (exists) if a file of another type is there
 */
export function makeDirectory(tree: Tree, accounts: Accounts, { path, mode, owner }: HelperRequestOf<'make-directory'>): ContainerFile {
  const makeFolder = (parent: number, name: string) => void ensureFolder(parent, name);
  const place = tree.resolve(path, { followsLast: true, isChange: true, makeFolder });
  rejectKernelFileSystem(place.folder, place.path);
  if (place.stats && !place.stats.isDirectory()) throw new FileError('exists', place.path);
  const ids = owner === '' ? undefined : accounts.lookUp(owner);
  if (!place.stats) ensureFolder(place.folder, place.name);
  const fd = openSync(pathOf(place.folder, place.name), directoryFlags);
  if (ids) fchownSync(fd, accounts.uids.toHost(ids.uid), accounts.gids.toHost(ids.gid));
  if (mode !== '') fchmodSync(fd, Number.parseInt(mode, 8));
  return describeFile(accounts, place.path, fstatSync(fd));
}

/**
 * Removes the file or folder at a path; a symbolic link is removed itself. Nothing is removed from a mount below the
 * path.
 * @throws FileError (not-empty) for a folder with content unless the request is recursive, (mounted) for a mount
 */
export function removePath(tree: Tree, accounts: Accounts, { path, isRecursive }: HelperRequestOf<'remove'>): ContainerFile {
  const place = requirePlace(tree.resolve(path, { followsLast: false, isChange: true }));
  if (place.name === '.') throw new FileError('mounted', place.path);
  rejectKernelFileSystem(place.folder, place.path);
  rejectMount(place.folder, place.fd, place.path);
  const file = describePlace(accounts, place);
  if (!place.stats.isDirectory()) unlinkSync(pathOf(place.folder, place.name));
  else if (isRecursive) {
    tree.rejectMountsBelow(place.path);
    removeFolder(place.folder, place.name, place.path, 0);
  } else rmdirSync(pathOf(place.folder, place.name));
  return file;
}

/**
 * Removes a folder with its content.
 * @param path that of the folder, for errors
 * @param depth levels above it that are being removed
 * @throws FileError (mounted, failed)
 */
export function removeFolder(parent: number, name: string, path: string, depth: number): void {
  if (depth > maxDepth) throw new FileError('failed', `${path} has more than ${maxDepth} levels`);
  const folder = openSync(pathOf(parent, name), directoryFlags);
  try {
    rejectMount(parent, folder, path);
    emptyFolder(folder, path, depth);
  } finally {
    closeSync(folder);
  }
  rmdirSync(pathOf(parent, name));
}

function emptyFolder(folder: number, path: string, depth: number): void {
  for (let names = readNames(folder, namesPerRead); names.length > 0; names = readNames(folder, namesPerRead)) {
    for (const child of names) {
      try {
        removeFile(folder, child, `${path}/${child}`);
      } catch (error) {
        if (!hasSystemCode(error, 'EISDIR')) throw error;
        removeFolder(folder, child, `${path}/${child}`, depth + 1);
      }
    }
  }
}

/** Removes anything but a folder. @throws the system's error EISDIR for a folder */
function removeFile(folder: number, name: string, path: string): void {
  const fd = openSync(pathOf(folder, name), constants.O_NOFOLLOW | O_PATH);
  try {
    rejectMount(folder, fd, path);
  } finally {
    closeSync(fd);
  }
  unlinkSync(pathOf(folder, name));
}

/** Moves a file or folder; a file at the new path is replaced in one step. @throws FileError (exists) if a folder is there */
export function movePath(tree: Tree, accounts: Accounts, { from, to }: HelperRequestOf<'move'>): ContainerFile {
  const source = requirePlace(tree.resolve(from, { followsLast: false, isChange: true }));
  const target = tree.resolve(to, { followsLast: false, isChange: true });
  if (source.name === '.' || target.name === '.') throw new FileError('mounted', source.name === '.' ? source.path : target.path);
  for (const { folder, fd, path } of [source, target]) {
    rejectKernelFileSystem(folder, path);
    if (fd !== undefined) rejectMount(folder, fd, path);
  }
  if (target.stats?.isDirectory()) throw new FileError('exists', target.path);
  renameSync(pathOf(source.folder, source.name), pathOf(target.folder, target.name));
  return describePlace(accounts, requirePlace(tree.resolve(target.path, { followsLast: false, isChange: false })));
}
