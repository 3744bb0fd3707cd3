import { constants } from 'node:fs';
import { type FileHandle, lstat, open, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { listDirectory, toBytes, toFsPath, toText } from './byte-paths.ts';
import { encodeHeader, endOfArchive, paddingAfter } from './header.ts';

/** Maximum number of bytes that are read and passed on at once. */
const pieceBytes = 256 * 1024;
/** The file must be the one that was listed: no link is followed, and a pipe does not block. */
const readFlags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Options of `packDirectory`. */
export interface PackOptions {
  /** Name of the directory in the archive; default: entries are at the top level of the archive. */
  readonly name?: string;
  /** Whether a path, relative to the directory, is left out. Default: none is. */
  readonly isExcluded?: (path: string) => boolean;
  /** Whether something in an excluded directory can be included. Default: false. */
  readonly entersExcluded?: boolean;
  /** Called for each socket, pipe and device, which is left out. */
  onSkipped?(path: string): void;
}

/** A file or directory cannot be read; `cause` has the error of the operating system, if there is one. */
export class UnreadableError extends Error {
  readonly path: string;

  constructor(path: string, reason: string, cause?: unknown) {
    super(reason, { cause });
    this.path = path;
  }
}

/**
 * Packs a directory as a tar archive: files, directories and symbolic links with their modes and times, and root as their owner.
 * @throws UnreadableError
 */
export async function* packDirectory(directory: string, options: PackOptions = {}): AsyncGenerator<Uint8Array> {
  const root = toBytes(directory);
  const name = toBytes(options.name ?? '');
  if (name !== '') yield await packFolder(root, name);
  yield* collectSmall(packContent(root, '', name, options));
  yield endOfArchive;
}

/** @param root name of the directory in the archive; empty if its content has no directory around it */
async function* packContent(directory: string, path: string, root: string, options: PackOptions): AsyncGenerator<Uint8Array> {
  const { isExcluded = () => false, entersExcluded = false, onSkipped } = options;
  const folder = join(directory, path);
  const entries = await listDirectory(folder).catch(error => throwUnreadable(folder, error));
  for (const entry of entries) {
    const below = path === '' ? entry.name : `${path}/${entry.name}`;
    const file = join(directory, below);
    const name = root === '' ? below : `${root}/${below}`;
    const excluded = isExcluded(toText(below));
    if (entry.type === 'directory') {
      if (!excluded) yield await packFolder(file, name);
      if (!excluded || entersExcluded) yield* packContent(directory, below, root, options);
    } else if (excluded) continue;
    else if (entry.type === 'file') yield* packFile(file, name);
    else if (entry.type === 'symlink') yield await packLink(file, name);
    else onSkipped?.(toText(file));
  }
}

async function packFolder(path: string, name: string): Promise<Uint8Array> {
  const { mode, mtimeMs } = await lstat(toFsPath(path)).catch(error => throwUnreadable(path, error));
  return encodeHeader({ name: `${name}/`, type: 'directory', size: 0, mode: mode & 0o7777, mtimeSeconds: mtimeMs / 1000, linkName: '' });
}

async function packLink(path: string, name: string): Promise<Uint8Array> {
  const [{ mtimeMs }, linkName] = await Promise.all([lstat(toFsPath(path)), readlink(toFsPath(path), 'latin1')]).catch(error =>
    throwUnreadable(path, error),
  );
  return encodeHeader({ name, type: 'symlink', size: 0, mode: 0o777, mtimeSeconds: mtimeMs / 1000, linkName });
}

async function* packFile(path: string, name: string): AsyncGenerator<Uint8Array> {
  const file = await open(toFsPath(path), readFlags).catch(error => throwUnreadable(path, error));
  try {
    const { mode, mtimeMs, size } = await file.stat();
    yield encodeHeader({ name, type: 'file', size, mode: mode & 0o7777, mtimeSeconds: mtimeMs / 1000, linkName: '' });
    for (let position = 0; position < size; ) {
      const piece = await readPiece(file, path, Math.min(pieceBytes, size - position), position);
      position += piece.length;
      yield piece;
    }
    if (paddingAfter(size) > 0) yield new Uint8Array(paddingAfter(size));
  } finally {
    await file.close();
  }
}

async function readPiece(file: FileHandle, path: string, bytes: number, position: number): Promise<Uint8Array> {
  const { bytesRead, buffer } = await file.read(new Uint8Array(bytes), 0, bytes, position).catch(error => throwUnreadable(path, error));
  if (bytesRead === 0) throw new UnreadableError(toText(path), 'it became shorter while it was read');
  return buffer.subarray(0, bytesRead);
}

function throwUnreadable(path: string, error: unknown): never {
  throw new UnreadableError(toText(path), error instanceof Error ? error.message : String(error), error);
}

/** Joins small pieces, so that many small files are not sent one by one. */
async function* collectSmall(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let collected: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of pieces) {
    collected.push(piece);
    bytes += piece.length;
    if (bytes < pieceBytes) continue;
    yield Buffer.concat(collected);
    [collected, bytes] = [[], 0];
  }
  if (bytes > 0) yield Buffer.concat(collected);
}
