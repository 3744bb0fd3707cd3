import { randomUUID } from 'node:crypto';
import type { Lease } from '@podman-api/cluster';
import { dockerRemoveLabelled, type RemovedLabelled } from '@podman-api/operations';
import type { AppParts } from '../../parts.ts';
import { taskResultOf, waitTimeoutError } from '../../routes/operations/outcome.ts';

/** Time limit for one node to remove everything; the next attempt removes the rest. */
const removeTimeoutMs = 300_000;

/** Dependencies for removing what has the labels of a lease. */
export type RemovalParts = Pick<AppParts, 'dispatcher' | 'fleet' | 'leases' | 'log'>;

/**
 * Ends a lease, and removes what has its labels. What is created meanwhile is removed by the sweep, see `sweepLeases`.
 * @throws ApiError as `removeLeased`
 */
export async function endLease(parts: RemovalParts, lease: Lease, requestId?: string): Promise<RemovedLabelled> {
  await parts.leases.end(lease);
  // The sweep looks again when the claim has expired.
  await parts.leases.claim(lease.id);
  return removeLeased(parts, lease, requestId);
}

/**
 * Removes what has the labels of a lease from its node, or from all nodes. Nodes that were removed from the fleet have nothing.
 * @throws ApiError if a node does not answer; what was removed by then stays removed
 */
export async function removeLeased(
  { dispatcher, fleet }: RemovalParts,
  lease: Lease,
  requestId: string = randomUUID(),
): Promise<RemovedLabelled> {
  const nodes = lease.node === null ? [...fleet.nodes.keys()] : [lease.node].filter(node => fleet.nodes.has(node));
  const removals = await Promise.all(
    nodes.map(async node => {
      const call = {
        request_id: requestId,
        token: lease.token,
        type: dockerRemoveLabelled,
        input: { labels: lease.labels },
        startWait: () => AbortSignal.timeout(removeTimeoutMs),
      };
      const { id, outcome } = await dispatcher.runOnNode(call, node);
      if (!outcome) throw waitTimeoutError(id, 'running');
      return taskResultOf(dockerRemoveLabelled, id, outcome);
    }),
  );
  return {
    containers: removals.flatMap(({ containers }) => containers),
    networks: removals.flatMap(({ networks }) => networks),
    volumes: removals.flatMap(({ volumes }) => volumes),
    failures: removals.flatMap(({ failures }) => failures),
  };
}
