import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ApiError } from '../../../errors.ts';
import type { Download } from '../../../routes/files.ts';
import { describeSystemError } from '../../../system-error.ts';
import { permissionBits } from '../../../tar/unpack-directory.ts';
import type { CommandContext } from '../../context.ts';
import { ExitError, UsageError } from '../../errors.ts';
import { exitCodes } from '../../exit-codes.ts';
import { type ContainerPath, describePath } from './container-path.ts';
import { copyDirectoryOut } from './copy-directory-out.ts';
import { createTransferProgress, writeStdout } from './transfer-progress.ts';

/** Mode of a copy of anything but a regular file, such as a link; the umask is applied. */
const defaultMode = 0o666;

/**
 * Copies a file or directory out of a container, with its mode. It is written beside its target and takes its place when it is whole. To
 * stdout, a directory is written as a tar archive.
 * @param target path of a file or directory on this host, or `-` for stdout
 * @throws UsageError if the target is a device or a pipe, ExitError if it cannot be written or was cut off; and as `files.download`
 */
export async function copyOut({ name, path }: ContainerPath, target: string, context: CommandContext): Promise<void> {
  const { api, signal } = context;
  const { type, mode } = await describePath({ name, path }, context);
  if (type === 'directory' && target !== '-') return copyDirectoryOut({ name, path }, target, context);
  if (type === 'directory') return writeStdout(await api.files.downloadArchive(name, path, { signal }), path, context);
  const file = target === '-' ? target : await findTarget(target, path);
  const download = await api.files.download(name, path, { signal });
  if (file === '-') {
    for await (const bytes of receive(download, path, context)) await context.writeOutput('stdout', bytes);
    return;
  }
  const draft = join(dirname(file), `.${basename(file)}-${randomBytes(4).toString('hex')}`);
  try {
    const stream = createWriteStream(draft, {
      flags: 'wx',
      mode: type === 'file' ? Number.parseInt(mode, 8) & permissionBits : defaultMode,
    });
    await pipeline(receive(download, path, context), stream, { signal });
    await rename(draft, file);
  } catch (error) {
    signal.throwIfAborted();
    const reason = describeSystemError(error);
    throw reason === undefined ? error : new ExitError(exitCodes.failed.code, `${file} cannot be written: ${reason}.`);
  } finally {
    await rm(draft, { force: true });
  }
}

/**
 * Returns the path of the copy: the target, or a file in it if it is a directory.
 * @throws UsageError if its directory is missing, or if it is no regular file
 */
async function findTarget(target: string, path: string): Promise<string> {
  const stats = await stat(target).catch(() => undefined);
  if (!stats?.isDirectory() && target.endsWith('/')) throw new UsageError(`${target} is not a directory: create it first.`);
  const file = stats?.isDirectory() ? join(target, basename(path)) : target;
  if (await isSpecial(file)) throw new UsageError(`${file} is a device or a pipe: use - for stdout.`);
  return file;
}

/**
 * Returns whether a path is a device, a pipe or a socket, which a copy must not replace. Every path in `/dev` and `/proc` counts, except
 * those in `/dev/shm`: `/dev/stdout` is a link there even if stdout is a file.
 */
async function isSpecial(file: string): Promise<boolean> {
  const stats = await stat(file).catch(() => undefined);
  if (stats && !stats.isFile() && !stats.isDirectory()) return true;
  const folder = resolve(await realpath(dirname(file)).catch(() => dirname(file)));
  return /^\/(dev|proc)(\/|$)/.test(folder) && !/^\/dev\/shm(\/|$)/.test(folder);
}

/** Yields the bytes of a download, with a status line. @throws ExitError if it was cut off */
async function* receive({ size, body }: Download, path: string, { signal, progress }: CommandContext): AsyncGenerator<Uint8Array> {
  const transfer = createTransferProgress(progress, `copying ${path}`, size);
  let receivedBytes = 0;
  try {
    for await (const bytes of body) {
      receivedBytes += bytes.length;
      transfer.show(receivedBytes);
      yield bytes;
    }
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ApiError) throw error;
    throw incompleteDownload(path, receivedBytes, size);
  }
  if (receivedBytes !== size) throw incompleteDownload(path, receivedBytes, size);
}

function incompleteDownload(path: string, receivedBytes: number, size: number): ExitError {
  const message = `The connection was closed after ${receivedBytes} of ${size} bytes of ${path}: copy the file again.`;
  return new ExitError(exitCodes.unreachable.code, message);
}
