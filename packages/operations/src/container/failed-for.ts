import { ApiError } from '@podman-api/errors';
import type { FaultReason } from '@podman-api/podman';

/**
 * Returns whether podman failed for a reason. It reads the error's field instead of testing for the class `PodmanFault`, whose
 * import would load the podman driver into the API process.
 */
export function failedFor(reason: FaultReason, error: unknown): boolean {
  return error instanceof ApiError && 'reason' in error && error.reason === reason;
}
