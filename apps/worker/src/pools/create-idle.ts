import type { Pool } from '@podman-api/cluster';
import { newJobId } from '@podman-api/jobs';
import {
  containerOperations,
  enforcePolicy,
  membershipLabel,
  newContainerName,
  poolSpecification,
  shortId,
  startContainer,
  validateAgainst,
} from '@podman-api/operations';
import type { Podman } from '@podman-api/podman';
import type { ContainersWatch } from '../containers/watch.ts';
import { createContext, type PerformParts, rejectChannel } from '../perform.ts';
import type { IdleEntry } from './idle-containers.ts';
import type { StoreId } from './store-id.ts';

/** Time limit for creating one container, the pull of its image included. */
const createTimeoutMs = 600_000;

/** Creates a container for a pool. Rejects as a create does, and leaves nothing behind then. */
export type CreateIdle = (pool: Pool, signal: AbortSignal) => Promise<IdleEntry>;

/** Dependencies for creating idle containers. */
export interface CreateIdleParts {
  readonly podman: Podman;
  readonly containers: Pick<ContainersWatch, 'recordEffect'>;
  readonly perform: PerformParts;
  readonly storeId: StoreId;
  /** See `PoolMembership`. */
  readonly generation: string;
}

/** Returns the function that creates a container for a pool, within the policy of this node. */
export function createIdleFactory({ podman, containers, perform, storeId, generation }: CreateIdleParts): CreateIdle {
  return async ({ name: pool, revision, container }, signal) => {
    // The API may have another version, so the specification is validated again.
    const specification = validateAgainst(poolSpecification, container, { convert: false });
    // A pool's container has an id in the form of a job id, by which its leftovers are found.
    const job = newJobId(perform.config.NODE_NAME, 'commands');
    const name = newContainerName(pool);
    const membership = { pool, revision, generation, store: await storeId.ensure(), job };
    const labels = { ...specification.labels, ...membershipLabel(membership) };
    const input = { ...specification, labels, name };
    enforcePolicy(containerOperations.create, input, perform.policy);
    const limit = AbortSignal.any([signal, AbortSignal.timeout(createTimeoutMs)]);
    const context = createContext(perform, { id: job, token: null }, limit, () => undefined, rejectChannel);
    const { id: fullId } = await startContainer(podman, input, context);
    const id = shortId(fullId);
    // Without Redis the container is found by the next list.
    await containers
      .recordEffect({ created: { id, name, hasHealthCheck: input.healthcheck?.test !== undefined } }, job, undefined)
      .catch(() => {});
    return { ...membership, id, fullId, name, createdAtMs: Date.now(), isRunning: true, isPrepared: false };
  };
}
