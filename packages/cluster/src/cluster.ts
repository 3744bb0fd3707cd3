import { noWorker, type Requester } from '@podman-api/jobs';
import { withRedisErrors } from '@podman-api/redis';
import { nameInUse } from './directory/reservation.ts';
import type { AwaitedCall, Call, DispatchParts, Run } from './dispatch/call.ts';
import { findContainers, hasContainer } from './dispatch/find-containers.ts';
import { runOnHolder } from './dispatch/run-on-holder.ts';
import { runOnNode } from './dispatch/run-on-node.ts';
import { type NodeAnswer, runOnNodes } from './dispatch/run-on-nodes.ts';
import { drainNode, forgetNode, resumeNode } from './heartbeats/manage-nodes.ts';
import { createPlacement, type PlacementRequest } from './placement/placement.ts';

/** Runs jobs on the nodes of the fleet. Methods throw an `ApiError` (503) while Redis is unavailable. */
export interface Dispatcher {
  /** Runs a job on a node, see `runOnNode`. */
  runOnNode(call: AwaitedCall, node: string): Promise<Run>;
  /** Runs a job on the node that holds a container, see `runOnHolder`. */
  runOnHolder(call: AwaitedCall, reference: string, picked: string | undefined): Promise<Run>;
  /**
   * Runs a job that creates a container on a node that placement chooses.
   * @throws ApiError (409) if the name of a dry run is in use; and as `Placement.choose`
   */
  runOnChosenNode(call: AwaitedCall, request: PlacementRequest & { readonly name?: string }): Promise<Run>;
  /**
   * Runs a job on several nodes at once, see `runOnNodes`; nodes without a worker are not asked.
   * @throws ApiError (503) if no node has a worker
   */
  runOnNodes(call: Call, nodes: readonly string[], signal: AbortSignal): Promise<readonly NodeAnswer[]>;
}

/** Changes the nodes of the fleet. */
export interface NodeManager {
  /** Gives a node no new containers. */
  drain(node: string): Promise<void>;
  /** Gives a drained node new containers again. */
  resume(node: string): Promise<void>;
  /** Forgets a node and its containers. */
  forget(node: string): Promise<void>;
}

/** The nodes of the fleet as an API process uses them. */
export interface Cluster extends Dispatcher, NodeManager {}

export function createCluster(options: Omit<DispatchParts, 'hasContainer'>): Cluster {
  const parts: DispatchParts = { ...options, hasContainer: (entry, requester) => hasContainer(parts, entry, requester) };
  const { redis, fleet } = parts;
  const placement = createPlacement(fleet);
  return {
    runOnNode: (call, node) => withRedisErrors(runOnNode(parts, call, node)),
    runOnHolder: (call, reference, picked) => withRedisErrors(runOnHolder(parts, call, reference, picked)),
    async runOnChosenNode(call, request) {
      const { node, settle } = placement.choose(request);
      try {
        if (!call.type.changes(call.input)) await withRedisErrors(refuseNameInUse(parts, request.name, call));
        return await withRedisErrors(runOnNode(parts, call, node));
      } finally {
        settle();
      }
    },
    async runOnNodes(call, nodes, signal) {
      const alive = fleet.isRedisAvailable ? nodes.filter(node => fleet.takes(node)) : nodes;
      if (alive.length === 0) throw noWorker(nodes.join(', '));
      return withRedisErrors(runOnNodes(parts, call, alive, signal));
    },
    drain: node => withRedisErrors(drainNode(redis, node).then(fleet.look)),
    resume: node => withRedisErrors(resumeNode(redis, node).then(fleet.look)),
    forget: node => withRedisErrors(forgetNode(redis, node).then(fleet.look)),
  };
}

/** Refuses a dry run of a create as the real one would be refused. @throws ApiError (409) if a container of the fleet has the name */
async function refuseNameInUse(parts: DispatchParts, name: string | undefined, requester: Requester): Promise<void> {
  if (parts.fleet.nodes.size < 2 || name === undefined) return;
  const { entries } = await findContainers(parts, name, requester);
  const [holder] = entries.filter(entry => entry.name === name);
  if (holder) throw nameInUse(holder);
}
