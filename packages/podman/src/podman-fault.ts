import { ApiError, type ErrorType } from '@podman-api/errors';

/** What went wrong, for code that must tell failures apart. */
export type FaultReason =
  | 'no-container'
  | 'no-image'
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
  | 'no-catatonit'
  | 'no-folder'
  | 'no-command'
  | 'memory-too-small'
  | 'duplicate-mount'
  | 'bad-mount-option'
  | 'command-not-found'
  | 'command-not-executable'
  | 'no-podman'
  | 'garbled'
  | 'said-nothing'
  | 'no-report'
  | 'limit-reached'
  | 'other';

/** A failure of podman itself, made of its error message. */
export class PodmanFault extends ApiError {
  readonly reason: FaultReason;

  constructor(reason: FaultReason, type: ErrorType, message: string, words: string, field?: string) {
    super(type, message, { ...(field && { details: [{ path: field, message }] }), podman: words });
    this.reason = reason;
  }
}
