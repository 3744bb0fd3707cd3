import { isUtf8 } from 'node:buffer';
import { posix } from 'node:path';
import { toApiError } from '@podman-api/errors';
import type { Podman } from '@podman-api/podman';
import { readFileEntry } from '../../container/copying/read-file-entry.ts';
import { repeatIfEnded } from '../../container/copying/repeat-if-ended.ts';
import type { OutputFile } from './result.ts';

/** Limits of the files of a run, which are stored with its result. */
const maxFileBytes = 1024 ** 2;
const maxTotalBytes = 4 * 1024 ** 2;
/** Time limit for reading one file from a container. */
const readTimeoutMs = 60_000;

/**
 * Reads files of a container that has ended. Symbolic links are followed inside the container only. A file that cannot be read has
 * an error instead of a content.
 * @param targetsToVerify mounts of folders below one of ALLOWED_MOUNTS, from which nothing is read: podman looks up the folder of
 *   the host by its path, which may lead elsewhere after a change of a symbolic link
 */
export async function readOutputs(
  podman: Podman,
  id: string,
  paths: readonly string[],
  targetsToVerify: readonly string[],
): Promise<readonly OutputFile[]> {
  const files: OutputFile[] = [];
  let roomBytes = maxTotalBytes;
  for (const path of paths) {
    const file = await readOutput(podman, id, path, targetsToVerify, Math.min(roomBytes, maxFileBytes)).catch((error: unknown) => ({
      path,
      error: toApiError(error).message,
    }));
    if ('size' in file) roomBytes -= file.size;
    files.push(file);
  }
  return files;
}

async function readOutput(
  podman: Podman,
  id: string,
  path: string,
  targetsToVerify: readonly string[],
  maxBytes: number,
): Promise<OutputFile> {
  const mount = targetsToVerify.find(target => `${posix.normalize(path)}/`.startsWith(`${posix.normalize(target).replace(/\/$/, '')}/`));
  if (mount !== undefined) return { path, error: `${mount} is a directory of the host: read the file there.` };
  const signal = AbortSignal.timeout(readTimeoutMs);
  // The container ended just now, and podman may not have cleaned it up.
  const entry = await repeatIfEnded(podman, id, signal, () => readFileEntry(podman, id, path, maxBytes, signal));
  if (entry.kind === 'missing') return { path, error: 'There is no such file.' };
  if (entry.kind === 'directory') return { path, error: 'It is a directory: name a file in it.' };
  if (entry.kind === 'special') return { path, error: 'It is not a regular file.' };
  const { sizeBytes: size, content } = entry;
  if (size > maxFileBytes) return { path, error: `It has ${size} bytes; a file may have at most ${maxFileBytes}.` };
  if (size > maxBytes) return { path, error: `It has ${size} bytes; the files of a run may have at most ${maxTotalBytes} in all.` };
  const encoding = isUtf8(content) ? 'utf8' : 'base64';
  return { path, size, content: content.toString(encoding), encoding };
}
