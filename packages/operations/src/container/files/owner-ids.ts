import type { Podman } from '@podman-api/podman';
import { noOwner } from './new-file.ts';

/**
 * The ids behind an owner such as `1000`, `www:www` or `app`, by the container's own files; root for an empty one.
 * @throws ApiError (400) where it has no such user or group
 */
export async function ownerIds(
  podman: Podman,
  container: string,
  owner: string,
  signal: AbortSignal,
): Promise<{ uid: number; gid: number }> {
  const [user = '', group] = owner.split(':');
  if (user === '') return { uid: 0, gid: 0 };
  const passwd = await lookUp('/etc/passwd', user);
  const uid = idOf(user) ?? passwd?.[0];
  const gid = group === undefined ? (passwd?.[1] ?? idOf(user)) : (idOf(group) ?? (await lookUp('/etc/group', group))?.[0]);
  if (uid === undefined || gid === undefined) throw noOwner(owner);
  return { uid, gid };

  /** The numbers of a name's line; podman gives the file as an archive, whose header ends in NULs. */
  async function lookUp(path: string, name: string): Promise<number[] | undefined> {
    const archive = await podman.run(['cp', '--', `${container}:${path}`, '-'], { signal }).catch(() => '');
    const lines = archive.split(/[\n\0]/);
    const fields = lines.map(line => line.split(':')).find(([first, , id]) => first === name && id !== undefined);
    return fields?.slice(2, 4).map(Number);
  }
}

function idOf(text: string): number | undefined {
  return /^\d+$/.test(text) ? Number(text) : undefined;
}
