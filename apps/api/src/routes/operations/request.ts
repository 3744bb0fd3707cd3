import type { Idempotency } from '@podman-api/jobs';
import type { Operation } from '@podman-api/operations';
import type { Preferences } from '../../request/prefer.ts';

/** A request for an operation that has been read and checked. */
export interface OperationRequest {
  readonly operation: Operation;
  readonly input: object;
  /** The node that the caller named in the query. */
  readonly requestedNode: string | undefined;
  readonly idempotency: Idempotency | undefined;
  readonly prefer: Preferences;
}
