import { posix } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { ApiError } from '@podman-api/errors';
import type { Podman } from '@podman-api/podman';
import { pack } from 'tar-stream';
import type { Context } from '../../operation.ts';
import { forbidden } from '../../policy/allow.ts';
import type { MountEntry } from '../inspect/entry.ts';
import { readEntry } from '../inspect.ts';
import { heldMounts } from '../mounts/held-mounts.ts';
import { isDirectory, type NewFile } from './new-file.ts';
import { ownerIds } from './owner-ids.ts';

/**
 * Puts a file into a container by `podman cp`, which works on stopped ones and without a shell. It reads the
 * archive from a file that is whole before podman starts, so that a worker that dies leaves no half behind.
 * @throws ApiError where the file can't be put
 */
export async function copyFile(podman: Podman, container: string, file: NewFile, { policy, signal }: Context): Promise<void> {
  const entry = await readEntry(podman, container, signal);
  const folder = mountAbove(file.path, entry.Mounts ?? []);
  // Of a stopped container podman would look up the folder of the host by its path, which may lead elsewhere by now.
  if ((await heldMounts(entry, policy)).some(({ Destination }) => Destination === folder)) throw isHeld(folder);
  const name = posix.relative(folder, file.path);
  const archive = await archiveOf(name, file, await ownerIds(podman, container, file.owner, signal));
  try {
    // By default podman gives the file to the container's user (podman#10801).
    await podman.run(['cp', '--archive=false', '--', '-', `${container}:${folder}`], { signal, stdinFile: archive });
  } catch (error) {
    throw error instanceof Error && /is a directory|file exists/.test(error.message) ? isDirectory(file.path) : error;
  }
}

/** The mounted volume that a path lies in, or `/`: podman resolves volumes of a stopped container only there. */
function mountAbove(path: string, mounts: readonly MountEntry[]): string {
  const above = mounts.map(mount => mount.Destination).filter(target => path.startsWith(`${target}/`));
  return above.sort((one, other) => other.length - one.length)[0] ?? '/';
}

function isHeld(folder: string): ApiError {
  const message = `dest_path: ${folder} is a folder below one of ALLOWED_MOUNTS: into that a file gets while the container runs and has a shell`;
  return forbidden([{ path: 'dest_path', message }]);
}

async function archiveOf(name: string, { content, mode }: NewFile, { uid, gid }: { uid: number; gid: number }): Promise<Buffer> {
  const archive = pack();
  archive.entry({ name, mode: Number.parseInt(mode, 8), uid, gid, mtime: new Date() }, Buffer.from(content));
  archive.finalize();
  return buffer(archive);
}
