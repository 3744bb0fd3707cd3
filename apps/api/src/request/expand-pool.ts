import type { PoolStore } from '@podman-api/cluster';
import { type ClaimInput, claim, type Operation, poolSpecification, type Task, validateAgainst } from '@podman-api/operations';
import { requirePool } from '../routes/pools/handle.ts';

/** Task and input of a request's job. */
export interface ExpandedRequest {
  readonly task: Task;
  readonly input: object;
}

/** Fields that a request for a container of a pool may have. */
interface PoolRequest {
  readonly name?: string;
  readonly ttl?: number;
  readonly labels?: Readonly<Record<string, string>>;
}

/**
 * Returns the task and input of a request's job: the operation itself or, with the name of a pool, `container.claim` with the
 * current specification of the pool.
 * @throws ApiError (404) if there is no such pool, (503) while Redis is unavailable
 */
export async function expandPool(operation: Operation, input: object, pools: Pick<PoolStore, 'read'>): Promise<ExpandedRequest> {
  const poolName = operation.poolOf?.(input);
  if (poolName === undefined) return { task: operation, input };
  const { revision, container, node_selector } = await requirePool(pools, poolName);
  const specification = validateAgainst(poolSpecification, container, { convert: false });
  const { name, ttl, labels: own_labels = {} }: PoolRequest = input;
  const claimInput: ClaimInput = {
    ...specification,
    pool: poolName,
    revision,
    node_selector,
    own_labels,
    labels: { ...specification.labels, ...own_labels },
    ...(name !== undefined && { name }),
    ...(ttl !== undefined && { ttl }),
  };
  return { task: claim, input: claimInput };
}
