import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { basename } from 'node:path';
import type { ContainerFile, FileType } from '../../protocol.ts';
import type { Accounts } from '../accounts.ts';
import { type NameReader, openNames, readLink } from '../byte-strings.ts';
import { readPieces } from '../content.ts';
import { describePlace, type ExistingPlace, requirePlace, typeOf } from '../entries.ts';
import { FileError, toFileError } from '../failure.ts';
import { isInKernelFileSystem, rejectKernelFileSystem } from '../mount-checks.ts';
import { childPath, pathOf, type Tree } from '../tree.ts';
import { type ArchiveEntry, encodeHeader, endOfArchive, paddingAfter } from './encode-header.ts';

/** Maximum size of a piece. */
const pieceBytes = 512 * 1024;
/** Smaller buffers are copied, so that a folder of many small files needs few writes. */
const maxCopiedBytes = 64 * 1024;
/** Maximum depth of an archive; each level needs two open files. */
const maxDepth = 400;
/** Maximum number of files whose further names become links; beyond it, each name is sent as a file of its own. */
const maxLinkedFiles = 100_000;

/** An archive that is about to be read. */
export interface OpenArchive {
  /** The file or folder at the path. */
  readonly file: ContainerFile;
  /** The bytes, which are read on demand. A piece is valid until the next one is read. @throws FileError */
  readonly pieces: Iterable<Buffer>;
}

/** A place, and its name in the archive. */
type ArchivedPlace = ExistingPlace & { readonly archiveName: string };

/** An open folder whose children are being archived. */
interface ArchiveLevel {
  readonly fd: number;
  readonly names: NameReader;
  readonly path: string;
  readonly archiveName: string;
}

/**
 * Opens a file, or a folder with its content, as a tar archive, whose names begin with the last part of the path. A symbolic
 * link at the end of the path is archived itself, unless `/` or `/.` follows; with `/.`, names begin with `.`. Sockets and the
 * content of the kernel's file systems are left out.
 * @throws FileError (not-found, kernel, must-run)
 */
export function openArchive(tree: Tree, accounts: Accounts, path: string): OpenArchive {
  const isContent = /^\/*$|\/\.$/.test(path);
  const followsLast = isContent || path.endsWith('/');
  const place = requirePlace(tree.resolve(path, { followsLast, isChange: false }));
  rejectKernelFileSystem(place.folder, place.path);
  if (place.stats.isDirectory()) rejectKernelFileSystem(place.fd, place.path);
  if (place.stats.isSocket()) throw new FileError('not-regular', place.path);
  tree.rejectUnopenedMountsBelow(place.path);
  const archiveName = isContent ? '.' : basename(path);
  return { file: describePlace(accounts, place), pieces: joinSmallBuffers(archiveFrom(tree, accounts, { ...place, archiveName })) };
}

function* archiveFrom(tree: Tree, accounts: Accounts, start: ArchivedPlace): Generator<Buffer> {
  const linked = new Map<string, string>();
  const levels: ArchiveLevel[] = [];
  yield* archiveOne(start);
  for (let level = levels.at(-1); level; level = levels.at(-1)) {
    const name = level.names.next();
    if (name === undefined) {
      level.names.close();
      closeSync(level.fd);
      levels.pop();
      continue;
    }
    const fd = tree.openChild(level.fd, level.path, name);
    // Files that disappear meanwhile are left out.
    if (fd === undefined) continue;
    const archiveName = `${level.archiveName}/${name}`;
    yield* archiveOne({ folder: level.fd, name, fd, stats: fstatSync(fd), path: childPath(level.path, name), archiveName });
    closeSync(fd);
  }
  yield endOfArchive;

  /** Archives one place, and adds a level for a folder. */
  function* archiveOne(found: ArchivedPlace): Generator<Buffer> {
    const { fd, stats, path, archiveName } = found;
    const type = typeOf(stats);
    const isKernel = type !== 'symlink' && isInKernelFileSystem(fd);
    if (type === 'socket' || (isKernel && type !== 'directory')) return;
    const entry = describeEntry(accounts, found, type);
    const first = type === 'file' && stats.nlink > 1 ? recordLink(linked, fd, archiveName) : undefined;
    if (first !== undefined) yield encodeHeader({ ...entry, type: 'link', size: 0, linkName: first });
    else if (type === 'file') yield* archiveContent(fd, entry, path);
    else yield encodeHeader(entry);
    if (type === 'directory' && !isKernel) levels.push(openLevel(fd, path, archiveName, levels.length));
  }
}

function openLevel(fd: number, path: string, archiveName: string, depth: number): ArchiveLevel {
  if (depth >= maxDepth) throw new FileError('failed', `${path} has more than ${maxDepth} levels`);
  const folder = openSync(pathOf(fd), constants.O_RDONLY | constants.O_DIRECTORY);
  return { fd: folder, names: openNames(pathOf(folder)), path, archiveName };
}

/** Returns the name under which a file with several names is in the archive already; remembers its first name. */
function recordLink(linked: Map<string, string>, fd: number, name: string): string | undefined {
  const { dev, ino } = fstatSync(fd, { bigint: true });
  const key = `${dev}:${ino}`;
  const first = linked.get(key);
  if (first === undefined && linked.size < maxLinkedFiles) linked.set(key, name);
  return first;
}

function describeEntry(
  accounts: Accounts,
  { folder, name, stats, archiveName }: ArchivedPlace,
  type: Exclude<FileType, 'socket'>,
): ArchiveEntry {
  const [uid, gid] = [accounts.uids.toContainer(stats.uid), accounts.gids.toContainer(stats.gid)];
  return {
    name: type === 'directory' ? `${archiveName}/` : archiveName,
    type,
    size: type === 'file' ? stats.size : 0,
    mode: stats.mode & 0o7777,
    uid,
    gid,
    mtimeSeconds: Math.floor(stats.mtimeMs / 1000),
    linkName: type === 'symlink' ? readLink(pathOf(folder, name)) : '',
    device: splitDeviceNumber(stats.rdev),
    owner: accounts.userName(uid) ?? '',
    group: accounts.groupName(gid) ?? '',
  };
}

/** Returns the numbers of a device (makedev(3)). */
function splitDeviceNumber(rdev: number): { readonly major: number; readonly minor: number } {
  return { major: (rdev >>> 8) & 0xfff, minor: (rdev & 0xff) | ((rdev >>> 12) & 0xfff00) };
}

function* archiveContent(fd: number, entry: ArchiveEntry, path: string): Generator<Buffer> {
  const file = openSync(pathOf(fd), constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    yield encodeHeader(entry);
    yield* readPieces(file, 0, entry.size, path);
    yield paddingAfter(entry.size);
  } catch (error) {
    throw toFileError(error, path);
  } finally {
    closeSync(file);
  }
}

/** Buffer for all pieces that several buffers are copied into. */
let sharedBuffer: Buffer | undefined;

/** Joins small buffers by copying them at once: a buffer is valid until the next one is read. */
function* joinSmallBuffers(buffers: Iterable<Buffer>): Generator<Buffer> {
  sharedBuffer ??= Buffer.allocUnsafe(pieceBytes);
  let bytes = 0;
  for (const buffer of buffers) {
    const isCopied = buffer.length <= maxCopiedBytes;
    if (bytes > 0 && (!isCopied || bytes + buffer.length > pieceBytes)) {
      yield sharedBuffer.subarray(0, bytes);
      bytes = 0;
    }
    if (isCopied) bytes += buffer.copy(sharedBuffer, bytes);
    else yield buffer;
  }
  if (bytes > 0) yield sharedBuffer.subarray(0, bytes);
}
