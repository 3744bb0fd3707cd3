import type { Mount, Podman } from '@podman-api/podman';
import { forbiddenError } from '../../policy/enforce-policy.ts';

const unseen =
  'volumes: the worker of this node cannot check the mounts of containers, which is required for a directory below one of ALLOWED_MOUNTS; name a directory of ALLOWED_MOUNTS itself';

/**
 * Returns the mounts that a process sees.
 * @throws ApiError (403) if the worker cannot see the processes of containers
 */
export async function readMounts(podman: Podman, pid: number | 'self'): Promise<readonly Mount[]> {
  const mounts = await podman.mountsOf(pid);
  if (mounts) return mounts;
  throw forbiddenError([{ path: 'volumes', message: unseen }]);
}
