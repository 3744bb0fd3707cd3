import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { ApiError, invalidField } from '@podman-api/errors';
import type { Podman } from '@podman-api/podman';
import { pack } from 'tar-stream';
import type { TaskContext } from '../../operation.ts';
import { forbiddenError } from '../../policy/enforce-policy.ts';
import { readFileEntry } from '../copying/read-file-entry.ts';
import { repeatIfEnded } from '../copying/repeat-if-ended.ts';
import type { MountEntry } from '../lookup/inspect-entry.ts';
import { findMountsToVerify } from '../mounts/mounts-to-verify.ts';
import { sanitizeToolMessage } from '../scripts/tool-message.ts';
import { directoryError, missingFolderError, mountedError, type NewFile, notRegularError } from './new-file.ts';
import { lookUpOwner } from './owner-ids.ts';
import { rejectReplacedAtStart } from './replaced-at-start.ts';

/**
 * Puts a file into a container by `podman cp`, which works on stopped containers and without a shell. Podman reads the archive
 * from a file that is complete before podman starts, so that a worker that dies leaves no partial file behind.
 * @throws ApiError if the file cannot be put
 */
export function copyFile(podman: Podman, container: string, file: NewFile, { policy, signal }: TaskContext): Promise<void> {
  return repeatIfEnded(podman, container, signal, async entry => {
    rejectReplacedAtStart(file.path, entry, 'dest_path');
    const folder = mountAbove(file.path, entry.Mounts ?? []);
    // For a stopped container podman would look up the folder of the host by its path, which may lead elsewhere after a change of a symbolic link.
    if ((await findMountsToVerify(entry, policy)).some(({ Destination }) => Destination === folder)) throw mustRunError(folder);
    const existing = await existingMode(podman, container, file.path, signal);
    const mode = file.mode || existing || '0644';
    const ids = await lookUpOwner(podman, container, file.owner, signal);
    const archive = await packFiles([{ ...ids, name: posix.relative(folder, file.path), content: file.content, mode }]);
    await extractInto(podman, `${container}:${folder}`, archive, signal).catch(error => {
      throw copyFailure(error, file.path);
    });
  });
}

/** Returns the mount that a path lies in, or `/`: podman resolves volumes of a stopped container only at their targets. */
export function mountAbove(path: string, mounts: readonly MountEntry[]): string {
  const above = mounts.map(mount => mount.Destination).filter(target => path.startsWith(`${target}/`));
  return above.sort((one, other) => other.length - one.length)[0] ?? '/';
}

function mustRunError(folder: string): ApiError {
  const message = `dest_path: ${folder} is a directory below one of ALLOWED_MOUNTS: start the container first; it also needs a shell`;
  return forbiddenError([{ path: 'dest_path', message }]);
}

/**
 * Returns the mode of the file at a path as octal digits, `undefined` if there is none.
 * @throws ApiError (400) if a file of another type is there, or a symbolic link, which podman would replace
 */
async function existingMode(podman: Podman, container: string, path: string, signal: AbortSignal): Promise<string | undefined> {
  // Podman would take these characters for a pattern and find another file.
  if (/[*?[\\]/.test(path)) return undefined;
  const entry = await readFileEntry(podman, container, path, 0, signal);
  if (entry.kind === 'missing') return undefined;
  if (entry.kind === 'special') throw notRegularError(path);
  if (entry.kind === 'directory') throw directoryError(path);
  if (entry.name !== posix.basename(path)) {
    const message = `dest_path: ${path} is a symbolic link to the file ${entry.name}: use that path, or start the container.`;
    throw invalidField('dest_path', message);
  }
  return entry.mode.toString(8);
}

/** A file of an archive. */
export interface ArchivedFile {
  /** Relative to the folder that the archive is extracted into. */
  readonly name: string;
  readonly content: Uint8Array;
  /** Octal digits. */
  readonly mode: string;
  readonly uid: number;
  readonly gid: number;
}

/** Returns a tar archive of files, without entries for their folders. */
export async function packFiles(files: readonly ArchivedFile[]): Promise<Buffer> {
  const archive = pack();
  for (const { name, content, mode, uid, gid } of files)
    archive.entry({ name, mode: Number.parseInt(mode, 8), uid, gid, mtime: new Date() }, Buffer.from(content));
  archive.finalize();
  return buffer(archive);
}

/**
 * Extracts an archive into a folder of a container by `podman cp`.
 * @param target the container and the folder, such as `web:/srv`
 */
export async function extractInto(podman: Podman, target: string, archive: Buffer, signal: AbortSignal): Promise<void> {
  // Podman 4.3 leaves a copy of the archive in TMPDIR, so it gets a folder that is removed afterwards.
  const folder = await mkdtemp(join(tmpdir(), 'podman-api-cp-'));
  try {
    // By default podman gives the file to the container's user (podman#10801).
    await podman.run(['cp', '--archive=false', '--', '-', target], { signal, stdinFile: archive, env: { TMPDIR: folder } });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Turns podman's error, more than a kilobyte about its own structures, into one about the path. */
function copyFailure(error: unknown, path: string): unknown {
  if (!(error instanceof ApiError)) return error;
  const { message } = error;
  if (/is a directory|file exists/.test(message)) return directoryError(path);
  if (message.includes('device or resource busy')) return mountedError(path);
  if (!message.includes('copier: ')) return error;
  const reason = sanitizeToolMessage(message.slice(message.lastIndexOf(': ') + 2));
  if (/no such file|not a directory|symbolic links/.test(reason)) return missingFolderError(path, reason);
  return new ApiError('PodmanAPIError', `The file could not be written: ${reason}`);
}
