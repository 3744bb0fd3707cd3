import { randomUUID } from 'node:crypto';
import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  futimesSync,
  lchownSync,
  mkdirSync,
  openSync,
  readlinkSync,
  readSync,
  renameSync,
  rmdirSync,
  type Stats,
  symlinkSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { readNames } from '../entries.ts';
import { FileError, toFileError } from '../failure.ts';
import { rejectKernelFileSystem, rejectMount } from '../mount-checks.ts';
import { childPath, O_PATH, pathOf, type Tree } from '../tree.ts';
import type { Stage } from './stage.ts';

const folderFlags = constants.O_RDONLY | constants.O_DIRECTORY;
/** Bytes that are copied at once. */
const pieceBytes = 256 * 1024;
/** Names of a staged folder that are read at once; moved files are no longer in it. */
const namesAtOnce = 1000;

/** An open folder of the container, and its path there without symbolic links. */
export interface OpenFolder {
  readonly fd: number;
  readonly path: string;
}

/**
 * Checks whether everything staged can be moved to its place: no staged folder would replace an existing file, and no mount
 * is replaced.
 * @throws FileError (other-type, mounted, kernel, must-run, untrusted-link)
 */
export function checkMerge(tree: Tree, staged: number, target: OpenFolder): void {
  for (const name of readNames(staged, Number.POSITIVE_INFINITY)) {
    const source = openSync(pathOf(staged, name), O_PATH | constants.O_NOFOLLOW);
    try {
      if (!fstatSync(source).isDirectory()) checkReplacement(tree, target, name);
      else withTargetFolder(tree, target, name, folder => folder && checkMerge(tree, source, folder));
    } finally {
      closeSync(source);
    }
  }
}

/** @throws FileError if a file or link cannot replace the existing file of its name */
function checkReplacement(tree: Tree, target: OpenFolder, name: string): void {
  const path = childPath(target.path, name);
  const existing = tree.openChild(target.fd, target.path, name);
  if (existing === undefined) return;
  try {
    if (fstatSync(existing).isDirectory()) throw new FileError('other-type', path);
    rejectMount(target.fd, existing, path);
  } finally {
    closeSync(existing);
  }
}

/**
 * Moves everything staged to its place: each file in one step, and a new folder as a whole.
 * @param path names of the staged folder from the stage's root
 * @throws FileError
 */
export function merge(tree: Tree, stage: Stage, staged: number, target: OpenFolder, path: string): void {
  for (let names = readNames(staged, namesAtOnce); names.length > 0; names = readNames(staged, namesAtOnce)) {
    for (const name of names) mergeOne(tree, stage, staged, name, target, path === '' ? name : `${path}/${name}`);
  }
}

function mergeOne(tree: Tree, stage: Stage, staged: number, name: string, target: OpenFolder, path: string): void {
  const source = openSync(pathOf(staged, name), O_PATH | constants.O_NOFOLLOW);
  try {
    const stats = fstatSync(source);
    if (!stats.isDirectory()) {
      moveFile(staged, name, stats, target.fd);
      return;
    }
    const isNew = withTargetFolder(tree, target, name, folder => {
      if (!folder) return true;
      merge(tree, stage, source, folder, path);
      const fd = openSync(pathOf(folder.fd), folderFlags);
      stage.finishFolder(fd, path);
      closeSync(fd);
      return false;
    });
    if (!isNew) rmdirSync(pathOf(staged, name));
    else if (!tryRename(staged, name, target.fd)) {
      // Another file system: the folder is created there, and is merged like one that exists.
      mkdirSync(pathOf(target.fd, name), { mode: 0o755 });
      mergeOne(tree, stage, staged, name, target, path);
    }
  } catch (error) {
    throw toFileError(error, childPath(target.path, name));
  } finally {
    closeSync(source);
  }
}

/**
 * Opens the folder that a staged folder is merged into: the existing folder of its name, or the target of a symbolic link of
 * its name.
 * @param use gets `undefined` if the name is free
 * @throws FileError (other-type) if something else has it
 */
function withTargetFolder<Result>(tree: Tree, target: OpenFolder, name: string, use: (folder: OpenFolder | undefined) => Result): Result {
  const path = childPath(target.path, name);
  const child = tree.openChild(target.fd, target.path, name);
  if (child === undefined) return use(undefined);
  try {
    const stats = fstatSync(child);
    if (stats.isDirectory()) {
      rejectKernelFileSystem(child, path);
      return use({ fd: child, path });
    }
    if (!stats.isSymbolicLink()) throw new FileError('other-type', path);
    const place = tree.resolve(path, { followsLast: true, isChange: true });
    if (place.fd === undefined || !place.stats?.isDirectory()) throw new FileError('other-type', path);
    rejectKernelFileSystem(place.fd, place.path);
    return use({ fd: place.fd, path: place.path });
  } finally {
    closeSync(child);
  }
}

/** @returns false if the target is in another file system */
function tryRename(staged: number, name: string, target: number): boolean {
  try {
    renameSync(pathOf(staged, name), pathOf(target, name));
    return true;
  } catch (error) {
    if (toFileError(error, name).failure === 'other-file-system') return false;
    throw error;
  }
}

function moveFile(staged: number, name: string, stats: Stats, target: number): void {
  if (tryRename(staged, name, target)) return;
  const draft = `.podman-api-${randomUUID()}`;
  try {
    if (stats.isSymbolicLink()) {
      symlinkSync(readlinkSync(pathOf(staged, name), 'buffer'), pathOf(target, draft));
      lchownSync(pathOf(target, draft), stats.uid, stats.gid);
    } else copyFile(pathOf(staged, name), pathOf(target, draft), stats);
    renameSync(pathOf(target, draft), pathOf(target, name));
  } catch (error) {
    try {
      unlinkSync(pathOf(target, draft));
    } catch {
      // It was not created.
    }
    throw error;
  }
  unlinkSync(pathOf(staged, name));
}

function copyFile(from: Buffer, to: Buffer, stats: Stats): void {
  const source = openSync(from, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  const copy = openSync(to, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o600);
  try {
    const piece = Buffer.allocUnsafe(pieceBytes);
    for (let length = readSync(source, piece); length > 0; length = readSync(source, piece)) {
      for (let at = 0; at < length; ) at += writeSync(copy, piece, at, length - at);
    }
    fchownSync(copy, stats.uid, stats.gid);
    fchmodSync(copy, stats.mode & 0o7777);
    futimesSync(copy, stats.mtimeMs / 1000, stats.mtimeMs / 1000);
  } finally {
    closeSync(source);
    closeSync(copy);
  }
}
