import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { access, chmod, lstat, mkdir, open, rename, rm, rmdir, stat } from 'node:fs/promises';
import { basename, dirname, join, posix, resolve } from 'node:path';
import { ApiError } from '../../../errors.ts';
import { describeSystemError } from '../../../system-error.ts';
import { listDirectory, toBytes, toFsPath, toText } from '../../../tar/byte-paths.ts';
import { ArchiveError } from '../../../tar/read-entries.ts';
import { unpackDirectory } from '../../../tar/unpack-directory.ts';
import type { CommandContext } from '../../context.ts';
import { ExitError, UsageError } from '../../errors.ts';
import { exitCodes } from '../../exit-codes.ts';
import type { ContainerPath } from './container-path.ts';
import { createTransferProgress } from './transfer-progress.ts';

/**
 * Copies a directory out of a container: into the directory at the path of the target, or as that path if nothing exists there. Only its
 * content is copied if the source ends with `/.`. It is written to a hidden directory beside the target first, and takes its place when it
 * is whole; files that are there are replaced, and directories are merged.
 * @throws UsageError if the target cannot be a directory, ExitError if it cannot be written or was cut off; and as `files.downloadArchive`
 */
export async function copyDirectoryOut(source: ContainerPath, target: string, context: CommandContext): Promise<void> {
  const { api, signal, progress, printMessage } = context;
  const directory = await findTarget(target, source.path);
  const draft = join(dirname(directory), `.${basename(directory)}-${randomBytes(4).toString('hex')}`);
  const transfer = createTransferProgress(progress, `copying ${source.path}`, undefined);
  let bytes = 0;
  let isComplete = false;
  try {
    const archive = await api.files.downloadArchive(source.name, posix.join(source.path, '.').replace(/\/?$/, '/.'), { signal });
    await mkdir(draft, { mode: 0o700 });
    await unpackDirectory(draft, archive, {
      onBytes(count) {
        bytes += count;
        transfer.show(bytes);
      },
      onSkipped: name => printMessage(`${posix.join(source.path, name)} is left out, because it is a device or a pipe.`),
    });
    isComplete = true;
    await checkMerge(toBytes(draft), toBytes(directory));
    await merge(toBytes(draft), toBytes(directory));
  } catch (error) {
    signal.throwIfAborted();
    throw explain(error, source.path, directory, isComplete);
  } finally {
    await removeDraft(draft).catch(error => printMessage(`${draft} cannot be removed: ${describeSystemError(error) ?? String(error)}.`));
  }
}

/** Removes the draft, if there is one, with its read-only directories, in which only root can remove files. */
async function removeDraft(draft: string): Promise<void> {
  if (!(await lstat(draft).catch(() => undefined))) return;
  await unlockDirectories(toBytes(draft));
  await rm(draft, { recursive: true });
}

/** @param directory path in bytes, as those of the functions below */
async function unlockDirectories(directory: string): Promise<void> {
  await chmod(toFsPath(directory), 0o700);
  for (const entry of await listDirectory(directory)) {
    if (entry.type === 'directory') await unlockDirectories(join(directory, entry.name));
  }
}

/** Returns the path of the copy. @throws UsageError if it is a file, or its parent is missing */
async function findTarget(target: string, path: string): Promise<string> {
  const stats = await stat(target).catch(() => undefined);
  const isContent = /\/\.\/?$/.test(path);
  const directory = resolve(stats && !isContent ? join(target, basename(path)) : target);
  if (stats && !stats.isDirectory()) throw new UsageError(`${target} is a file: a directory cannot replace it.`);
  const parent = await stat(dirname(directory)).catch(() => undefined);
  if (!parent?.isDirectory()) throw new UsageError(`${dirname(directory)} is not a directory: create it first.`);
  return directory;
}

/**
 * Checks that no directory takes the place of a file, or the reverse, and that this user can write to each directory that gets something.
 * The directories of the draft that will be merged become writable; those of the target keep their modes.
 * @throws UsageError that names it, or an error of the operating system; nothing has been moved then
 */
async function checkMerge(draft: string, target: string): Promise<void> {
  const existing = await lstat(toFsPath(target)).catch(() => undefined);
  if (!existing) return;
  if (!existing.isDirectory()) throw new UsageError(`${toText(target)} is not a directory: a directory cannot replace it.`);
  await chmod(toFsPath(draft), 0o700);
  for (const { name, type } of await listDirectory(draft)) {
    const place = join(target, name);
    const replaced = await lstat(toFsPath(place)).catch(() => undefined);
    if (type === 'directory' && replaced) await checkMerge(join(draft, name), place);
    else if (replaced?.isDirectory()) throw new UsageError(`${toText(place)} is a directory: a file cannot replace it.`);
    else await access(toFsPath(target), constants.W_OK | constants.X_OK);
  }
}

/** Moves a directory to its place, each new directory and each file in one step. */
async function merge(draft: string, target: string): Promise<void> {
  if (!(await lstat(toFsPath(target)).catch(() => undefined))) return moveDirectory(toFsPath(draft), toFsPath(target));
  for (const { name, type } of await listDirectory(draft)) {
    const [from, to] = [join(draft, name), join(target, name)];
    if (type === 'directory') await merge(from, to);
    else await rename(toFsPath(from), toFsPath(to));
  }
  await rmdir(toFsPath(draft));
}

/** Moves a directory, which must be writable meanwhile: unless this user is root, a read-only one cannot get another parent (rename(2)). */
async function moveDirectory(from: Buffer, to: Buffer): Promise<void> {
  const { mode } = await lstat(from);
  await chmod(from, mode | 0o700);
  const directory = await open(from, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  try {
    await rename(from, to);
    // By its descriptor: a link may have replaced it if others can write to the target.
    await directory.chmod(mode);
  } finally {
    await directory.close();
  }
}

function explain(error: unknown, path: string, directory: string, isComplete: boolean): unknown {
  if (error instanceof ApiError || error instanceof UsageError) return error;
  if (error instanceof ArchiveError) return new ExitError(exitCodes.failed.code, `The archive of ${path} was refused: ${error.message}.`);
  const reason = describeSystemError(error);
  if (reason !== undefined) return new ExitError(exitCodes.failed.code, `${directory} cannot be written: ${reason}.`);
  if (isComplete) return error;
  return new ExitError(exitCodes.unreachable.code, `The connection was closed before all of ${path} had arrived: copy it again.`);
}
