import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  futimesSync,
  lchownSync,
  linkSync,
  lutimesSync,
  mkdirSync,
  openSync,
  symlinkSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import type { Accounts } from '../accounts.ts';
import { toFsPath } from '../byte-strings.ts';
import { FileError, hasSystemCode, shortenName, toFileError } from '../failure.ts';
import { O_PATH, pathOf } from '../tree.ts';
import type { EntryHeader, ReceivedEntry } from './read-entries.ts';

const folderFlags = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
const newFileFlags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
/** Maximum depth of an archive; removing a level needs an open file for each. */
const maxDepth = 400;
/** Maximum number of folders whose mode, owner and time are set only after their content is complete. */
const maxFolders = 250_000;

/** Ids of a user and a group on the host. */
type Owner = readonly [number, number];

/** The folder in which an archive is unpacked before anything is moved to its place. */
export interface Stage {
  readonly fd: number;
  /** Unpacks an entry. @throws FileError (archive) if it leads out of the folder, or is a device or pipe */
  add(received: ReceivedEntry): Promise<void>;
  /** Sets mode, owner and time of a folder if the archive has an entry for it. @param path its names from the stage's root, with `/` between */
  finishFolder(fd: number, path: string): void;
  /** Calls `finishFolder` for all folders. */
  finishFolders(): void;
}

/**
 * Creates a folder below an open folder, with the mode 0700, and opens it.
 * @param dropsOwners whether all files belong to root
 */
export function openStage(accounts: Accounts, parent: number, name: string, dropsOwners: boolean): Stage {
  mkdirSync(pathOf(parent, name), { mode: 0o700 });
  return new OpenStage(accounts, openSync(pathOf(parent, name), folderFlags), dropsOwners);
}

class OpenStage implements Stage {
  readonly fd: number;
  readonly #accounts: Accounts;
  readonly #dropsOwners: boolean;
  /** Owner of folders that the archive has no entry for. */
  readonly #root: Owner;
  readonly #folders = new Map<string, EntryHeader>();

  constructor(accounts: Accounts, fd: number, dropsOwners: boolean) {
    this.fd = fd;
    this.#accounts = accounts;
    this.#dropsOwners = dropsOwners;
    this.#root = [accounts.uids.toHost(0), accounts.gids.toHost(0)];
  }

  async add({ entry, content }: ReceivedEntry): Promise<void> {
    const parts = partsOf(entry.name, entry.name);
    const name = parts.pop();
    // `./` is the folder that the archive is unpacked in, which stays as it is.
    if (name === undefined) return;
    const folder = openFolder(this.fd, parts, entry.name, this.#root);
    try {
      if (entry.type === 'directory') this.#addFolder(folder, name, entry, [...parts, name].join('/'));
      else await this.#addOther(folder, name, { entry, content });
    } catch (error) {
      if (hasSystemCode(error, 'ENAMETOOLONG')) throw refusalError(`${shortenName(entry.name)} has a name of more than 255 bytes`);
      throw toFileError(error, shortenName(entry.name));
    } finally {
      closeSync(folder);
    }
  }

  finishFolder(fd: number, path: string): void {
    const entry = this.#folders.get(path);
    if (entry) setMetadata(fd, entry, this.#ownerOf(entry));
  }

  finishFolders(): void {
    for (const path of this.#folders.keys()) {
      const fd = openFolder(this.fd, path.split('/'), path);
      this.finishFolder(fd, path);
      closeSync(fd);
    }
  }

  #ownerOf({ uid, gid }: EntryHeader): Owner {
    return this.#dropsOwners ? this.#root : [this.#accounts.uids.toHost(uid), this.#accounts.gids.toHost(gid)];
  }

  #addFolder(folder: number, name: string, entry: EntryHeader, path: string): void {
    if (this.#folders.size >= maxFolders) throw refusalError(`it has more than ${maxFolders} directories`);
    closeSync(openFolder(folder, [name], entry.name, this.#root));
    this.#folders.set(path, entry);
  }

  async #addOther(folder: number, name: string, { entry, content }: ReceivedEntry): Promise<void> {
    removeEarlier(folder, name, entry.name);
    if (entry.type === 'file') return addFile(folder, name, content, entry, this.#ownerOf(entry));
    if (entry.type === 'link') return addLink(this.fd, folder, name, entry);
    if (entry.type !== 'symlink')
      throw refusalError(`${shortenName(entry.name)} is a ${entry.type}, which cannot be unpacked: leave it out`);
    symlinkSync(toFsPath(entry.linkName), pathOf(folder, name));
    lchownSync(pathOf(folder, name), ...this.#ownerOf(entry));
    lutimesSync(pathOf(folder, name), entry.mtimeSeconds, entry.mtimeSeconds);
  }
}

async function addFile(folder: number, name: string, content: AsyncIterable<Uint8Array>, entry: EntryHeader, owner: Owner): Promise<void> {
  const fd = openSync(pathOf(folder, name), newFileFlags, 0o600);
  try {
    for await (const piece of content) for (let at = 0; at < piece.length; ) at += writeSync(fd, piece, at);
    setMetadata(fd, entry, owner);
  } finally {
    closeSync(fd);
  }
}

/** Sets owner, mode and time. The owner first, because chown(2) clears setuid and setgid. */
function setMetadata(fd: number, { mode, mtimeSeconds }: EntryHeader, owner: Owner): void {
  fchownSync(fd, ...owner);
  fchmodSync(fd, mode);
  futimesSync(fd, mtimeSeconds, mtimeSeconds);
}

/** Adds a hard link to an earlier file. @param root of the stage */
function addLink(root: number, folder: number, name: string, entry: EntryHeader): void {
  const parts = partsOf(entry.linkName, entry.name);
  const target = parts.pop() ?? '';
  const targetFolder = openFolder(root, parts, entry.name);
  try {
    linkSync(pathOf(targetFolder, target), pathOf(folder, name));
  } catch {
    throw refusalError(
      `${shortenName(entry.name)} is a link to ${shortenName(entry.linkName)}, which is not an earlier file of the archive`,
    );
  } finally {
    closeSync(targetFolder);
  }
}

/** Returns the names of a path in an archive; `/` at its beginning is dropped. @throws FileError (archive) for `..` */
function partsOf(path: string, entryName: string): string[] {
  const parts = path.split('/').filter(part => part !== '' && part !== '.');
  if (parts.includes('..')) throw refusalError(`${shortenName(entryName)} leads out of the directory by ".."`);
  if (parts.length > maxDepth) throw refusalError(`${shortenName(entryName)} has more than ${maxDepth} levels`);
  return parts;
}

/**
 * Opens a folder of the stage by its names, each in the one before it, without following links.
 * @param ownerOfNew ids for folders that are missing; default: they are not created
 * @throws FileError (archive) if a name is not a folder, or is missing
 */
function openFolder(root: number, parts: readonly string[], entryName: string, ownerOfNew?: Owner): number {
  let folder = openSync(pathOf(root), folderFlags & ~constants.O_NOFOLLOW);
  for (const part of parts) {
    try {
      const next = openOrCreate(folder, part, ownerOfNew);
      closeSync(folder);
      folder = next;
    } catch (error) {
      closeSync(folder);
      if (toFileError(error, '').failure === 'no-space') throw error;
      throw refusalError(`${shortenName(entryName)} leads through ${shortenName(part)}, which is not a directory in the archive`);
    }
  }
  return folder;
}

function openOrCreate(parent: number, name: string, ownerOfNew: Owner | undefined): number {
  try {
    return openSync(pathOf(parent, name), folderFlags);
  } catch (error) {
    if (!ownerOfNew || toFileError(error, '').failure !== 'not-found') throw error;
    mkdirSync(pathOf(parent, name), { mode: 0o755 });
    const fd = openSync(pathOf(parent, name), folderFlags);
    fchownSync(fd, ...ownerOfNew);
    return fd;
  }
}

/** Removes the file of an earlier entry with the same name. @throws FileError (archive) if it is a folder */
function removeEarlier(folder: number, name: string, entryName: string): void {
  try {
    closeSync(openSync(pathOf(folder, name), O_PATH | constants.O_NOFOLLOW));
  } catch {
    return;
  }
  try {
    unlinkSync(pathOf(folder, name));
  } catch {
    throw refusalError(`${shortenName(entryName)} is in the archive both as a directory and as another type of file`);
  }
}

function refusalError(reason: string): FileError {
  return new FileError('archive', reason);
}
