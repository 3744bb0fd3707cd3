import { posix } from 'node:path';
import { ApiError, type ErrorDetail, invalidField } from '@podman-api/errors';
import type { Podman } from '@podman-api/podman';
import { type ArchivedFile, extractInto, mountAbove, packFiles } from '../../container/add-file/copy-file.ts';
import { findReplacementAtStart } from '../../container/add-file/replaced-at-start.ts';
import { type InspectEntry, readEntry } from '../../container/lookup/inspect-entry.ts';
import { sanitizeToolMessage } from '../../container/scripts/tool-message.ts';
import type { RunFile } from './input.ts';

/**
 * Puts files into a container that was not started yet, by one `podman cp` for each mount that they lie in.
 * @param targetsToVerify mounts of folders below one of ALLOWED_MOUNTS, into which nothing is copied: podman looks up the folder of
 *   the host by its path, which may lead elsewhere after a change of a symbolic link
 * @throws ApiError (400) that lists the files that cannot be put
 */
export async function putFiles(
  podman: Podman,
  id: string,
  files: readonly RunFile[],
  targetsToVerify: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  if (files.length === 0) return;
  const entry = await readEntry(podman, id, signal);
  const paths = files.map(({ path }) => posix.normalize(path));
  const refused = paths.flatMap((path, index): ErrorDetail[] => {
    const reason = refusalOf(path, entry, targetsToVerify);
    return reason === undefined ? [] : [{ path: `files.${index}.path`, message: `files.${index}.path: ${reason}; name a path elsewhere` }];
  });
  if (refused.length > 0)
    throw new ApiError('ValidationError', `${refused.map(({ message }) => message).join('; ')}.`, { details: refused });
  const archives = new Map<string, ArchivedFile[]>();
  files.forEach(({ content, encoding = 'utf8', mode = '0644' }, index) => {
    const path = paths[index] ?? '';
    const folder = mountAbove(path, entry.Mounts ?? []);
    const file = { name: posix.relative(folder, path), content: Buffer.from(content, encoding), mode, uid: 0, gid: 0 };
    archives.set(folder, [...(archives.get(folder) ?? []), file]);
  });
  for (const [folder, archived] of archives) {
    await extractInto(podman, `${id}:${folder}`, await packFiles(archived), signal).catch(error => {
      throw copyFailure(error);
    });
  }
}

/** Returns why a file cannot be put at a path, `undefined` if it can. */
function refusalOf(path: string, entry: InspectEntry, targetsToVerify: readonly string[]): string | undefined {
  const target = targetsToVerify.map(given => posix.normalize(given)).find(folder => path.startsWith(`${folder.replace(/\/$/, '')}/`));
  return target === undefined ? findReplacementAtStart(path, entry) : `${target} is a directory below one of ALLOWED_MOUNTS`;
}

/** Turns podman's error, more than a kilobyte about its own structures, into one about the files. */
function copyFailure(error: unknown): unknown {
  if (!(error instanceof ApiError) || !error.message.includes('copier: ')) return error;
  const reason = sanitizeToolMessage(error.message.slice(error.message.lastIndexOf('copier: ') + 'copier: '.length));
  return invalidField('files', `files: one of them cannot be written at its path: ${reason}.`);
}
