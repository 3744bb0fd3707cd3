import { ApiError, type ErrorType } from '@podman-api/errors';

/** Kind of a failure, for code that handles some failures differently. */
export type FaultReason =
  | 'no-container'
  | 'no-image'
  | 'image-in-use'
  | 'image-has-names'
  | 'login-refused'
  | 'no-registry'
  | 'name-in-use'
  | 'port-in-use'
  | 'not-running'
  | 'running'
  | 'bad-state'
  | 'bad-image'
  | 'bad-name'
  | 'bad-work-dir'
  | 'no-user'
  | 'no-network'
  | 'network-in-use'
  | 'bad-subnet'
  | 'no-volume'
  | 'volume-in-use'
  | 'no-catatonit'
  | 'no-runtime'
  | 'no-host-gateway'
  | 'dns-conflict'
  | 'limit-too-high'
  | 'no-folder'
  | 'no-command'
  | 'memory-too-small'
  | 'duplicate-mount'
  | 'bad-mount-option'
  | 'bad-mount-target'
  | 'command-not-found'
  | 'command-not-executable'
  | 'not-supported'
  | 'update-refused'
  | 'bad-change'
  | 'no-podman'
  | 'garbled'
  | 'no-message'
  | 'no-report'
  | 'limit-reached'
  | 'too-much-output'
  | 'too-much-memory'
  | 'other';

/** A failure of podman itself. */
export class PodmanFault extends ApiError {
  readonly reason: FaultReason;

  /**
   * @param type determines the HTTP status
   * @param message for the caller
   * @param podmanText what podman wrote; shown to callers only with `DEBUG`
   * @param field the field of the request that is at fault
   */
  constructor(reason: FaultReason, type: ErrorType, message: string, podmanText: string, field?: string) {
    super(type, message, { ...(field && { details: [{ path: field, message }] }), podman: podmanText });
    this.reason = reason;
  }
}
