import { constants } from 'node:fs';
import { chmod, type FileHandle, link, lstat, lutimes, mkdir, open, symlink, unlink, utimes } from 'node:fs/promises';
import { hasCode } from '../system-error.ts';
import { toBytes, toFsPath, toText } from './byte-paths.ts';
import { ArchiveError, type ReceivedTarEntry, readEntries } from './read-entries.ts';

/** Bits of a mode that a copy keeps. A container chooses the modes of its files, and must not create a program that runs as root here. */
export const permissionBits = 0o777;
/** Mode of a directory until all its content has been written. */
const draftMode = 0o700;
/** Directories whose mode and time are remembered until then. */
const maxDirectories = 250_000;
const newFileFlags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

/** Options of `unpackDirectory`. */
export interface UnpackOptions {
  /** Called with the bytes of each piece that was written. */
  onBytes?(bytes: number): void;
  /** Called for each device and pipe, which is left out. */
  onSkipped?(name: string): void;
}

/**
 * Unpacks a tar archive into an empty directory, to which no other process may write meanwhile. Nothing is written outside of it: names
 * with `..` and names that lead through a symbolic link of the archive are refused. Files keep their permission bits and times, and
 * belong to the user of this process.
 * @throws ArchiveError, errors of the operating system, or what the source throws
 */
export async function unpackDirectory(
  directory: string,
  source: AsyncIterable<Uint8Array>,
  { onBytes, onSkipped }: UnpackOptions = {},
): Promise<void> {
  const pathOf = (path: string) => toFsPath(`${toBytes(directory)}/${path}`);
  /** Directories that this archive has created: names may only lead through these. */
  const directories = new Map<string, { readonly mode: number; readonly mtimeSeconds: number }>();
  directories.set('', { mode: 0o755, mtimeSeconds: Date.now() / 1000 });

  /** Creates the parent directories of a name that have no entry of their own. */
  const makeParents = async (parts: readonly string[], name: string) => {
    for (let depth = 1; depth <= parts.length; depth += 1) {
      await makeDirectory(parts.slice(0, depth).join('/'), name, { mode: 0o755, mtimeSeconds: Date.now() / 1000 });
    }
  };
  const makeDirectory = async (path: string, name: string, attributes: { readonly mode: number; readonly mtimeSeconds: number }) => {
    if (directories.has(path)) return;
    if (directories.size >= maxDirectories) throw new ArchiveError(`it has more than ${maxDirectories} directories`);
    await mkdir(pathOf(path), { mode: draftMode }).catch(error => {
      throw hasCode(error, 'EEXIST')
        ? new ArchiveError(`${toText(name)} leads through something that is not a directory in the archive`)
        : error;
    });
    directories.set(path, attributes);
  };
  const addLink = async (file: Buffer, linkName: string, name: string) => {
    const target = partsOf(linkName);
    const isInside = directories.has(target.slice(0, -1).join('/'));
    const stats = isInside ? await lstat(pathOf(target.join('/'))).catch(() => undefined) : undefined;
    if (!stats?.isFile())
      throw new ArchiveError(`${toText(name)} is a link to ${toText(linkName)}, which is not an earlier file of the archive`);
    await link(pathOf(target.join('/')), file);
  };
  const add = async ({ entry, content }: ReceivedTarEntry) => {
    const { name, type, linkName, mtimeSeconds } = entry;
    const mode = entry.mode & permissionBits;
    const parts = partsOf(name);
    const path = parts.join('/');
    await makeParents(parts.slice(0, -1), name);
    if (type === 'directory') {
      await makeDirectory(path, name, { mode, mtimeSeconds });
      directories.set(path, { mode, mtimeSeconds });
      return;
    }
    if (type === 'other') return onSkipped?.(toText(name));
    if (path === '' || directories.has(path))
      throw new ArchiveError(`it contains ${toText(name)} both as a directory and as something else`);
    const file = pathOf(path);
    await unlink(file).catch(error => {
      if (!hasCode(error, 'ENOENT')) throw error;
    });
    if (type === 'link') return addLink(file, linkName, name);
    if (type === 'symlink') {
      await symlink(toFsPath(linkName), file);
      return lutimes(file, mtimeSeconds, mtimeSeconds);
    }
    return writeFile(file, content, { mode, mtimeSeconds }, onBytes);
  };

  for await (const received of readEntries(source)) await add(received);
  // Starts with the deepest one: a change in a directory changes its time, and its mode may forbid further changes.
  for (const [path, { mode, mtimeSeconds }] of [...directories].sort(([one], [other]) => other.length - one.length)) {
    await utimes(pathOf(path), mtimeSeconds, mtimeSeconds);
    await chmod(pathOf(path), mode);
  }
}

async function writeFile(
  path: Buffer,
  content: AsyncIterable<Uint8Array>,
  { mode, mtimeSeconds }: { readonly mode: number; readonly mtimeSeconds: number },
  onBytes?: (bytes: number) => void,
): Promise<void> {
  const file: FileHandle = await open(path, newFileFlags, 0o600);
  try {
    for await (const piece of content) {
      await file.writeFile(piece);
      onBytes?.(piece.length);
    }
    await file.chmod(mode);
    await file.utimes(mtimeSeconds, mtimeSeconds);
  } finally {
    await file.close();
  }
}

/** Returns the names of a path in an archive; a `/` at its beginning is dropped. @throws ArchiveError for `..` */
function partsOf(path: string): readonly string[] {
  const parts = path.split('/').filter(part => part !== '' && part !== '.');
  if (parts.includes('..') || path.includes('\0')) throw new ArchiveError(`${toText(path)} leads out of the directory`);
  return parts;
}
