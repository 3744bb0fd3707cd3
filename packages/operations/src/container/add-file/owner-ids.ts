import { invalidField } from '@podman-api/errors';
import type { Podman } from '@podman-api/podman';
import { readFileEntry } from '../copying/read-file-entry.ts';
import { unknownOwnerError } from './new-file.ts';

/** Largest `/etc/passwd` or `/etc/group` that is read: a line has some 60 bytes. */
const maxFileBytes = 1024 ** 2;

/** Largest id; the next one means "no change" (chown(2)). */
const maxId = 2 ** 32 - 2;

/**
 * Looks up the ids of an owner such as `1000`, `www:www` or `app` in the container's own files. An empty owner is root.
 * @throws ApiError (400) if the container has no such user or group, or if one of the files is larger than 1 MiB
 */
export async function lookUpOwner(
  podman: Podman,
  container: string,
  owner: string,
  signal: AbortSignal,
): Promise<{ uid: number; gid: number }> {
  const [user = '', group] = owner.split(':');
  if (user === '') return { uid: 0, gid: 0 };
  const [uid, gid] = [idOf(user), group === undefined ? undefined : idOf(group)];
  if (uid !== undefined && gid !== undefined) return { uid, gid };
  const passwd = uid !== undefined && group !== undefined ? [] : await lookUp('/etc/passwd', user);
  const ids = {
    uid: uid ?? passwd[0],
    gid: group === undefined ? (passwd[1] ?? uid) : (gid ?? (await lookUp('/etc/group', group))[0]),
  };
  if (ids.uid === undefined || ids.gid === undefined) throw unknownOwnerError(owner);
  return { uid: ids.uid, gid: ids.gid };

  /** Returns the ids in the line of a name; an empty list if there is no such line. */
  async function lookUp(path: string, name: string): Promise<(number | undefined)[]> {
    const entry = await readFileEntry(podman, container, path, maxFileBytes, signal);
    if (entry.kind !== 'file') return [];
    if (entry.sizeBytes > maxFileBytes) throw invalidField('owner', `owner: ${path} of the container is larger than 1 MiB; give uid:gid.`);
    const text = `\n${entry.content.toString('latin1')}\n`;
    const start = text.indexOf(`\n${name}:`) + 1;
    if (start === 0) return [];
    const [, , ...ids] = text.slice(start, text.indexOf('\n', start)).split(':', 4);
    return ids.map(idOf);
  }
}

function idOf(text: string): number | undefined {
  return /^\d{1,10}$/.test(text) && Number(text) <= maxId ? Number(text) : undefined;
}
