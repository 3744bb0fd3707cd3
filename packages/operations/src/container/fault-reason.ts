import { ApiError } from '@podman-api/errors';
import type { FaultReason } from '@podman-api/podman';

/** Whether podman failed for a reason. By its field and not by its class, which would bring the driver into the API. */
export function failedFor(reason: FaultReason, error: unknown): boolean {
  return error instanceof ApiError && 'reason' in error && error.reason === reason;
}
