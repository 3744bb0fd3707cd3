import { closeSync, constants, fchmodSync, fchownSync, fstatSync, openSync, readSync, renameSync, unlinkSync, writeSync } from 'node:fs';
import type { ByteRange, ContainerFile, HelperRequestOf, ReadHead } from '../protocol.ts';
import type { Accounts } from './accounts.ts';
import { ensureFolder } from './change.ts';
import { describeFile, requirePlace } from './entries.ts';
import { FileError } from './failure.ts';
import { rejectKernelFileSystem, rejectMount } from './mount-checks.ts';
import { pathOf, type Tree } from './tree.ts';

/** Number of bytes that are read at once: as many as an entry of a channel has (packages/jobs/src/channel/PROTOCOL.md). */
const pieceBytes = 512 * 1024;

/** A file that is opened to be read. */
export interface OpenFile {
  readonly head: ReadHead;
  /** The bytes, see `readPieces`. */
  readonly pieces: Iterable<Buffer>;
}

/** Opens a file. @throws FileError (not-found, directory, not-regular, kernel, range) */
export function openFile(tree: Tree, accounts: Accounts, { path, range, ifRange, ifNoneMatch }: HelperRequestOf<'read'>): OpenFile {
  const place = requirePlace(tree.resolve(path, { followsLast: true, isChange: false }));
  if (place.stats.isDirectory()) throw new FileError('directory', place.path);
  if (!place.stats.isFile()) throw new FileError('not-regular', place.path);
  rejectKernelFileSystem(place.fd, place.path);
  const fd = openSync(pathOf(place.fd), constants.O_RDONLY | constants.O_NONBLOCK);
  const stats = fstatSync(fd, { bigint: true });
  const etag = `"${stats.ino.toString(16)}-${stats.size.toString(16)}-${stats.mtimeNs.toString(16)}"`;
  const size = Number(stats.size);
  const file = describeFile(accounts, place.path, place.stats);
  const isKnown = ifNoneMatch?.some(known => known === '*' || known.replace(/^W\//, '') === etag) ?? false;
  const isWhole = range === undefined || (ifRange !== undefined && ifRange !== etag);
  const part = isKnown ? undefined : isWhole ? { first: 0, length: size } : selectPart(range, size);
  const head = { file: { ...file, size }, etag, part };
  return { head, pieces: readPieces(fd, part?.first ?? 0, part?.length ?? 0, place.path) };
}

/** Buffer for all reads, because allocating memory takes longer than the read itself. */
let sharedBuffer: Buffer | undefined;

/**
 * Reads a part of a file on demand. A piece is valid until the next one is read, from any file: they share a buffer.
 * @param path that of the file, for errors
 * @throws FileError (failed) if the file ends before
 */
export function* readPieces(fd: number, first: number, length: number, path: string): Generator<Buffer> {
  sharedBuffer ??= Buffer.allocUnsafe(pieceBytes);
  for (let position = first; position < first + length; ) {
    const bytes = readSync(fd, sharedBuffer, 0, Math.min(pieceBytes, first + length - position), position);
    if (bytes === 0) throw new FileError('failed', `${path} has become shorter while it was read`);
    position += bytes;
    yield sharedBuffer.subarray(0, bytes);
  }
}

/** @throws FileError (range) with the size if the range has no byte of the file */
function selectPart(range: ByteRange, size: number): { readonly first: number; readonly length: number } {
  if ('suffix' in range) {
    if (range.suffix === 0 || size === 0) throw new FileError('range', String(size));
    return { first: Math.max(0, size - range.suffix), length: Math.min(range.suffix, size) };
  }
  if (range.first >= size) throw new FileError('range', String(size));
  return { first: range.first, length: Math.min(range.last ?? size - 1, size - 1) - range.first + 1 };
}

/**
 * Writes a file: as a draft in the same folder first, which replaces the file in one step when the content is complete.
 * @param content ends when the content is complete, and throws if it ends before
 * @throws FileError
 */
export function writeFile(
  tree: Tree,
  accounts: Accounts,
  { path, mode, owner, draft }: HelperRequestOf<'write'>,
  content: Iterable<Uint8Array>,
): ContainerFile {
  const makeFolder = (parent: number, name: string) => void ensureFolder(parent, name);
  const { folder, name, fd: existing, stats, path: target } = tree.resolve(path, { followsLast: true, isChange: true, makeFolder });
  if (name === '.' || stats?.isDirectory()) throw new FileError('directory', target);
  if (stats && !stats.isFile()) throw new FileError('not-regular', target);
  rejectKernelFileSystem(folder, target);
  if (existing !== undefined) rejectMount(folder, existing, target);
  const ids = owner === '' ? undefined : accounts.lookUp(owner);
  const fd = openSync(pathOf(folder, draft), constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o600);
  try {
    for (const piece of content) for (let at = 0; at < piece.length; ) at += writeSync(fd, piece, at);
    // The owner first, because chown(2) clears setuid and setgid.
    if (ids) fchownSync(fd, accounts.uids.toHost(ids.uid), accounts.gids.toHost(ids.gid));
    else if (stats) fchownSync(fd, stats.uid, stats.gid);
    else fchownSync(fd, accounts.uids.toHost(0), fstatSync(fd).gid);
    fchmodSync(fd, mode === '' ? (stats?.mode ?? 0o644) & 0o7777 : Number.parseInt(mode, 8));
    renameSync(pathOf(folder, draft), pathOf(folder, name));
  } catch (error) {
    discardDraft(folder, draft);
    throw error;
  }
  const written = describeFile(accounts, target, fstatSync(fd));
  closeSync(fd);
  return written;
}

/** Removes the draft of an interrupted write. */
export function discardWrite(tree: Tree, { path, draft }: HelperRequestOf<'discard'>): void {
  discardDraft(tree.resolve(path, { followsLast: true, isChange: true }).folder, draft);
}

function discardDraft(folder: number, draft: string): void {
  try {
    unlinkSync(pathOf(folder, draft));
  } catch {
    // It was never created, or it is removed already.
  }
}
