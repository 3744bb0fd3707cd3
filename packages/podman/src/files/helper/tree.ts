import { closeSync, constants, fstatSync, openSync, readFileSync, type Stats, statSync } from 'node:fs';
import { basename } from 'node:path';
import type { FileTree, TreeMount } from '../protocol.ts';
import { readLink, toFsPath } from './byte-strings.ts';
import { FileError, hasSystemCode } from './failure.ts';

/** Flag that opens a path without access to the content (open(2)). Node.js does not export it; the value is the same on all architectures. */
export const O_PATH = 0o10000000;
const pathFlags = O_PATH | constants.O_NOFOLLOW;

/** As many symbolic links as the kernel follows (path_resolution(7)). */
const maxLinks = 40;

/** Returns a path to an open file or folder, or into an open folder, that stays valid when the file is renamed. */
export function pathOf(fd: number, name?: string): Buffer {
  return toFsPath(name === undefined ? `/proc/self/fd/${fd}` : `/proc/self/fd/${fd}/${name}`);
}

/** Returns the path of a file in a folder. */
export function childPath(folder: string, name: string): string {
  return folder === '/' ? `/${name}` : `${folder}/${name}`;
}

/** A name in an open folder, and the file that has it now. */
export interface Place {
  readonly folder: number;
  /** `.` for the root of the container. */
  readonly name: string;
  /** An `O_PATH` descriptor; `undefined` if there is no such file. */
  readonly fd: number | undefined;
  readonly stats: Stats | undefined;
  /** The path in the container, without symbolic links. */
  readonly path: string;
}

/** Options for resolving a path. */
export interface ResolveOptions {
  /** Whether a symbolic link at the end of the path is followed. */
  readonly followsLast: boolean;
  /**
   * Whether the path is to be changed. A symbolic link of a user other than root then counts only if it leads to a folder of the
   * same user, who could otherwise have another user's files changed.
   */
  readonly isChange: boolean;
  /** Called for each folder that does not exist; creates it. Default: the path is not found. */
  readonly makeFolder?: (parent: number, name: string) => void;
}

/** The files of a container. */
export interface Tree {
  /**
   * Resolves a path inside the container, name by name, each in the folder that was opened before. So a symbolic link
   * never leads out of the container, even if names are replaced meanwhile.
   * @throws FileError if a folder of the path is missing or is not a folder
   */
  resolve(path: string, options: ResolveOptions): Place;
  /** Closes the descriptors of a place, but not that of the container's root. */
  close(place: Pick<Place, 'folder' | 'fd'>): void;
  /**
   * Opens the file with a name in an open folder, or the mount there, with `O_PATH`; a symbolic link is not followed.
   * @param path that of the folder in the container, without symbolic links
   * @returns `undefined` if there is no such file
   * @throws FileError (must-run)
   */
  openChild(folder: number, path: string, name: string): number | undefined;
  /** Checks that nothing is mounted below a folder. @throws FileError (mounted) */
  rejectMountsBelow(path: string): void;
  /** Checks that no mount below a folder waits for the start of the container. @throws FileError (must-run) */
  rejectUnopenedMountsBelow(path: string): void;
}

/** An open folder of the path. */
interface PathLevel {
  readonly fd: number;
  readonly name: string;
}

/** Opens the files of a container. @throws FileError (gone) if its process has ended */
export function openTree(tree: FileTree): Tree {
  const { root, targets } = tree.kind === 'process' ? openProcessRoot(tree.pid, tree.container) : openFolder(tree.path, tree.mounts);
  const own = statSync('/');
  const stats = fstatSync(root);
  if (own.dev === stats.dev && own.ino === stats.ino) throw new FileError('gone', 'the container shares the root of the host');
  const mounts = tree.kind === 'process' ? [] : tree.mounts;
  return {
    resolve: (path, options) => resolve(root, mounts, path, options),
    close({ folder, fd }) {
      for (const one of new Set([folder, fd])) if (one !== undefined && one !== root) closeSync(one);
    },
    openChild: (folder, path, name) => openMount(mounts, childPath(path, name)) ?? openName(folder, name),
    rejectMountsBelow(path) {
      const mounted = targets.find(target => target.startsWith(`${path}/`));
      if (mounted !== undefined) throw new FileError('mounted', mounted);
    },
    rejectUnopenedMountsBelow(path) {
      const unopened = mounts.find(({ target, source }) => source === undefined && target.startsWith(childPath(path, '')));
      if (unopened) throw new FileError('must-run', unopened.target);
    },
  };
}

/** The root of a container, and the paths in it at which something is mounted. */
interface OpenRoot {
  readonly root: number;
  readonly targets: readonly string[];
}

function openFolder(path: string, mounts: readonly TreeMount[]): OpenRoot {
  return { root: openSync(toFsPath(path), O_PATH | constants.O_DIRECTORY), targets: mounts.map(({ target }) => target) };
}

/**
 * Opens the root of a container's process. By now, its process id may belong to another process of the host. So its parent must be the
 * conmon of this container, and it is addressed by a descriptor that does not outlive the process.
 */
function openProcessRoot(pid: number, container: string): OpenRoot {
  try {
    return openRootOf(pid, container);
  } catch {
    throw new FileError('gone', `process ${pid}`);
  }
}

function openRootOf(pid: number, container: string): OpenRoot {
  const folder = openSync(`/proc/${pid}`, O_PATH | constants.O_DIRECTORY);
  const status = readFileSync(pathOf(folder, 'status'), 'utf8');
  const parent = /^PPid:\s+(\d+)$/m.exec(status)?.[1] ?? '';
  const [program = '', ...args] = readFileSync(`/proc/${parent}/cmdline`, 'utf8').split('\0');
  if (basename(program) !== 'conmon' || !args.includes(container)) throw new Error('the process does not belong to this container');
  const root = openSync(pathOf(folder, 'root'), O_PATH | constants.O_DIRECTORY);
  // The fifth field is the mount point, with some characters as octal numbers (proc_pid_mountinfo(5)).
  const targets = readFileSync(pathOf(folder, 'mountinfo'), 'latin1')
    .split('\n')
    .map(line =>
      (line.split(' ')[4] ?? '').replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8))),
    );
  return { root, targets };
}

function resolve(root: number, mounts: readonly TreeMount[], path: string, options: ResolveOptions): Place {
  const levels: PathLevel[] = [{ fd: root, name: '' }];
  let folder: number | undefined;
  try {
    const place = walk(root, mounts, path, options, levels);
    folder = place.folder;
    return place;
  } finally {
    closeLevels(levels.filter(({ fd }) => fd !== root && fd !== folder));
  }
}

function closeLevels(levels: readonly PathLevel[]): void {
  for (const { fd } of levels) closeSync(fd);
}

/** @param levels the open folders from the root to the one of the path; the caller closes them */
function walk(root: number, mounts: readonly TreeMount[], path: string, options: ResolveOptions, levels: PathLevel[]): Place {
  let rest = partsOf(path);
  let links = 0;
  let linkOwner: number | undefined;
  for (;;) {
    const [name, ...others] = rest;
    const folder = levels.at(-1)?.fd ?? root;
    const here = levels.map(level => level.name).join('/');
    if (name === undefined) {
      requireTrusted(linkOwner, fstatSync(folder), here);
      return { folder, name: '.', fd: folder, stats: fstatSync(folder), path: here === '' ? '/' : here };
    }
    rest = others;
    if (name === '..') {
      closeLevels(levels.splice(Math.max(1, levels.length - 1)));
      continue;
    }
    const isLast = others.length === 0;
    const target = `${here}/${name}`;
    let fd = openMount(mounts, target) ?? openName(folder, name);
    if (fd === undefined && !isLast && options.makeFolder) {
      options.makeFolder(folder, name);
      fd = openName(folder, name);
    }
    if (fd === undefined) {
      if (!isLast) throw new FileError('not-found', target);
      requireTrusted(linkOwner, fstatSync(folder), target);
      return { folder, name, fd: undefined, stats: undefined, path: target };
    }
    const stats = fstatSync(fd);
    if (stats.isSymbolicLink() && (!isLast || options.followsLast)) {
      links += 1;
      if (links > maxLinks) throw new FileError('loop', path);
      if (options.isChange && stats.uid !== fstatSync(root).uid) {
        if (linkOwner !== undefined && linkOwner !== stats.uid) throw new FileError('untrusted-link', target);
        linkOwner = stats.uid;
      }
      const link = readLink(pathOf(folder, name));
      closeSync(fd);
      if (link.startsWith('/')) closeLevels(levels.splice(1));
      rest = [...partsOf(link), ...others];
      continue;
    }
    if (isLast) {
      requireTrusted(linkOwner, fstatSync(folder), target);
      if (stats.isFile()) requireTrusted(linkOwner, stats, target);
      return { folder, name, fd, stats, path: target };
    }
    if (!stats.isDirectory()) throw new FileError('not-directory', target);
    levels.push({ fd, name });
  }
}

function partsOf(path: string): readonly string[] {
  return path.split('/').filter(part => part !== '' && part !== '.');
}

/** Opens the mount of a container that does not run at a path; `undefined` if there is none. */
function openMount(mounts: readonly TreeMount[], path: string): number | undefined {
  const mount = mounts.find(({ target }) => target === path);
  if (!mount) return undefined;
  if (mount.source === undefined) throw new FileError('must-run', path);
  return openSync(toFsPath(mount.source), O_PATH);
}

function openName(folder: number, name: string): number | undefined {
  try {
    return openSync(pathOf(folder, name), pathFlags);
  } catch (error) {
    if (hasSystemCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function requireTrusted(linkOwner: number | undefined, { uid }: Stats, path: string): void {
  if (linkOwner !== undefined && linkOwner !== uid) throw new FileError('untrusted-link', path);
}
