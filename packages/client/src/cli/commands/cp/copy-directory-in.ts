import { basename, posix, resolve } from 'node:path';
import { ApiError } from '../../../errors.ts';
import { describeSystemError } from '../../../system-error.ts';
import { type PackOptions, packDirectory, UnreadableError } from '../../../tar/pack-directory.ts';
import type { CommandContext } from '../../context.ts';
import { ExitError, UsageError } from '../../errors.ts';
import { exitCodes } from '../../exit-codes.ts';
import { type ContainerPath, describePath } from './container-path.ts';
import { createTransferProgress } from './transfer-progress.ts';

/**
 * Copies a directory into a container, all of it or nothing: into the directory at the path of the target, or as that path if nothing
 * exists there. Only its content is copied if the source ends with `/.`. Everything in the copy belongs to root.
 * @throws UsageError if it cannot be read, ExitError if the target is a file; and as `files.uploadArchive`
 */
export async function copyDirectoryIn(source: string, target: ContainerPath, context: CommandContext): Promise<void> {
  const { api, signal } = context;
  const type = await readType(target, context);
  const path = posix.join(target.path, '.');
  if (type === 'file') throw new ExitError(exitCodes.refused.code, `${path} is a file: a directory cannot replace it.`);
  const isContent = /(^|\/)\.\/?$/.test(source);
  const name = isContent ? undefined : basename(resolve(source));
  const [folder, rootName] = type === 'directory' ? [path, name] : [posix.dirname(path), basename(path)];
  const packing = openPacking(source, { ...(rootName !== undefined && { name: rootName }) }, `copying to ${target.path}`, context);
  try {
    await api.files.uploadArchive(target.name, folder, packing.open, { signal });
  } catch (error) {
    throw packing.explain(error);
  }
}

/** Returns what is at a path of a container. */
async function readType(target: ContainerPath, context: CommandContext): Promise<'directory' | 'file' | 'missing'> {
  try {
    return (await describePath(target, context)).type === 'directory' ? 'directory' : 'file';
  } catch (error) {
    const isMissing = error instanceof ApiError && error.status === 404;
    if (isMissing && (await hasContainer(target.name, context))) return 'missing';
    throw error;
  }
}

/** @throws ApiError if there is no such container */
async function hasContainer(name: string, { api, signal }: CommandContext): Promise<boolean> {
  return (await api.files.stat(name, '/', { signal })).type === 'directory';
}

/**
 * Prepares a directory to be sent as a tar archive, with a status line.
 * @param text what is done, for the status line
 */
export function openPacking(directory: string, options: PackOptions, text: string, { progress, printMessage, signal }: CommandContext) {
  const transfer = createTransferProgress(progress, text, undefined);
  let readError: unknown;
  async function* read() {
    let bytes = 0;
    try {
      const onSkipped = (path: string) =>
        printMessage(`${path} is left out, because it is neither a file nor a directory nor a symbolic link.`);
      for await (const piece of packDirectory(directory, { ...options, onSkipped })) {
        bytes += piece.length;
        transfer.show(bytes);
        yield piece;
      }
    } catch (error) {
      readError = error;
      throw error;
    }
  }
  return {
    /** Returns the archive; can be called again. */
    open: (): ReadableStream<Uint8Array> => {
      readError = undefined;
      return ReadableStream.from(read());
    },
    /** Returns the error of a failed request: that of reading, if it was the cause. */
    explain(error: unknown): unknown {
      if (!(readError instanceof UnreadableError) || signal.aborted) return error;
      const reason = describeSystemError(readError.cause) ?? readError.message;
      return new UsageError(`${readError.path} cannot be read: ${reason}.`);
    },
  };
}
