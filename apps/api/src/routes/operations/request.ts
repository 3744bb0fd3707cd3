import type { Resources } from '@podman-api/cluster';
import type { Idempotency } from '@podman-api/jobs';
import type { Operation, Task } from '@podman-api/operations';
import type { Preferences } from '../../request/prefer.ts';

/** A request for an operation that has been read and checked. */
export interface OperationRequest {
  readonly operation: Operation;
  /** Task of the job: the operation, or `container.claim` for a container of a pool. */
  readonly task: Task;
  readonly input: object;
  /** The node that the caller named in the query. */
  readonly requestedNode: string | undefined;
  readonly idempotency: Idempotency | undefined;
  readonly prefer: Preferences;
  /** The URL to which the job is sent when it has ended. */
  readonly callbackUrl: string | undefined;
  /** Resources of the container that it creates, which count against the quotas of the token; `undefined` if it creates none. */
  readonly resources: Resources | undefined;
}
