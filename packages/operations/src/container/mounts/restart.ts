import type { ApiError } from '@podman-api/errors';
import { forbidden } from '../../policy/allow.ts';

/** Whether podman starts a container anew by itself, with nobody to look at its mounts. */
export function restarts(policy: string | undefined): boolean {
  return policy !== undefined && policy !== '' && policy !== 'no';
}

/** Why a container that podman restarts can't have a folder below an allowed one. */
export function noRestarts(): ApiError {
  const message =
    'restart_policy: podman would look up a folder below one of ALLOWED_MOUNTS again, unchecked; mount the folder of ALLOWED_MOUNTS itself, or use no restart_policy';
  return forbidden([{ path: 'restart_policy', message }]);
}
