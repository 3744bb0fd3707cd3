import { constants, createReadStream } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { describeSystemError } from '../../../system-error.ts';
import type { CommandContext } from '../../context.ts';
import { ExitError, UsageError } from '../../errors.ts';
import { exitCodes } from '../../exit-codes.ts';
import type { ContainerPath } from './container-path.ts';
import { copyDirectoryIn } from './copy-directory-in.ts';
import { createTransferProgress } from './transfer-progress.ts';

/** Mode and owner of a copy, if the caller wants others than the default. */
interface CopyOptions {
  readonly mode?: string;
  readonly owner?: string;
}

/** Source of a copy. */
interface Source {
  /** Octal digits. */
  readonly mode: string;
  /** Bytes; `undefined` for a stream. */
  readonly size: number | undefined;
  /** Whether it can be read again after an error. */
  readonly isRepeatable: boolean;
  read(): AsyncIterable<Uint8Array>;
}

/**
 * Copies a file, a directory or stdin into a container. If the target ends with a slash, stdin is a tar archive that is unpacked there.
 * @param source path on this host, or `-`
 * @throws UsageError if it cannot be read, ExitError if it changed meanwhile; and as `files.upload`
 */
export async function copyIn(source: string, target: ContainerPath, options: CopyOptions, context: CommandContext): Promise<void> {
  const { api, signal, progress } = context;
  if (source === '-' && target.path.endsWith('/')) return unpack(target, options, context);
  if (source !== '-' && (await isDirectory(source))) {
    checkNoOptions(options);
    return copyDirectoryIn(source, target, context);
  }
  const path = target.path.endsWith('/') ? target.path + basename(source) : target.path;
  const { mode, size, isRepeatable, read } = source === '-' ? openStdin() : await openFile(source);
  const transfer = createTransferProgress(progress, `copying to ${path}`, size);
  let sentBytes = 0;
  let readError: unknown;
  async function* readAndCount() {
    sentBytes = 0;
    try {
      for await (const bytes of read()) {
        sentBytes += bytes.length;
        transfer.show(sentBytes);
        yield bytes;
      }
    } catch (error) {
      readError = error;
      throw error;
    }
  }
  const open = () => ReadableStream.from(readAndCount());
  try {
    const copy = await api.files.upload(target.name, path, isRepeatable ? open : open(), { mode, ...options, signal });
    if (copy.size === sentBytes) return;
    const message = `${sentBytes} bytes of ${source} were read, but ${path} has ${copy.size}: copy the file again.`;
    throw new ExitError(exitCodes.failed.code, message);
  } catch (error) {
    if (readError !== undefined && !signal.aborted) throw unreadableFile(source, readError);
    throw error;
  }
}

/** Unpacks the tar archive on stdin in a directory of a container. */
async function unpack({ name, path }: ContainerPath, options: CopyOptions, { api, signal }: CommandContext): Promise<void> {
  checkNoOptions(options);
  await api.files.uploadArchive(name, path, ReadableStream.from(openStdin().read()), { signal });
}

/** @throws UsageError if there are options that only files have */
function checkNoOptions({ mode, owner }: CopyOptions): void {
  if (mode !== undefined || owner !== undefined)
    throw new UsageError('--mode and --owner are for files, not for directories and archives.');
}

async function isDirectory(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}

function openStdin(): Source {
  return { mode: '644', size: undefined, isRepeatable: false, read: () => process.stdin };
}

/** Checks that a file can be read before anything is sent. @throws UsageError */
async function openFile(path: string): Promise<Source> {
  try {
    const stats = await stat(path);
    await access(path, constants.R_OK);
    const isRepeatable = stats.isFile();
    const mode = (stats.mode & 0o7777).toString(8).padStart(3, '0');
    return { mode, size: isRepeatable ? stats.size : undefined, isRepeatable, read: () => createReadStream(path) };
  } catch (error) {
    throw unreadableFile(path, error);
  }
}

function unreadableFile(path: string, error: unknown): UsageError {
  const reason = describeSystemError(error) ?? (error instanceof Error ? error.message : String(error));
  return new UsageError(`${path === '-' ? 'stdin' : path} cannot be read: ${reason}.`);
}
