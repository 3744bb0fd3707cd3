import type { Mount, Podman } from '@podman-api/podman';
import { forbidden } from '../../policy/enforce-policy.ts';

const unseen =
  'volumes: on this node the worker can not see what podman mounts, as it must for a folder below an allowed one; name a folder of ALLOWED_MOUNTS itself';

/**
 * Returns the mounts that a process sees.
 * @throws ApiError (403) if the worker cannot see the processes of containers
 */
export async function readMounts(podman: Podman, pid: number | 'self'): Promise<readonly Mount[]> {
  const mounts = await podman.mountsOf(pid);
  if (mounts) return mounts;
  throw forbidden([{ path: 'volumes', message: unseen }]);
}
