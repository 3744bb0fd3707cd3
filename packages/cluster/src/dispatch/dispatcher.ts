import { noWorkerError, type Outcome } from '@podman-api/jobs';
import { unknownNodeError } from '../heartbeats/node-errors.ts';
import { createPlacement, type PlacementRequest } from '../placement/placement.ts';
import type { AwaitedCall, DispatchContext, DispatchedJob, DispatchParts, JobRequest, NodesWait } from './call.ts';
import { rejectNameInUse } from './find-containers.ts';
import { findNode, findNodeAfter404 } from './find-node.ts';
import { locateResource, type Resource } from './locate-resource.ts';
import { type NodeAnswer, runOnNodes } from './run-on-nodes.ts';
import { createDispatchContext } from './submit-to-node.ts';

/** Runs jobs on the nodes of the fleet. Methods throw an `ApiError` (503) while Redis is unavailable. */
export interface Dispatcher {
  /**
   * Runs a job on a node and waits for it as the call requests.
   * @throws ApiError (403) if a quota of the token does not allow it, (503) if the node has no worker or its queue is full;
   *   (413, 422) see `Jobs.submit`
   */
  runOnNode(call: AwaitedCall, node: string): Promise<DispatchedJob>;
  /**
   * Runs a job on the node that has a container. If that node reports that it has no such container, the directory may be
   * outdated: the job runs once more, on the node that has the container now.
   * @param reference the container's name or an id prefix
   * @param requestedNode the node that the caller named, if it did
   * @throws ApiError (404) if no node has it, (409) if several do, (503) if one that may have it does not answer; and as `runOnNode`
   */
  runOnContainerNode(call: AwaitedCall, reference: string, requestedNode: string | undefined): Promise<DispatchedJob>;
  /**
   * Runs a job on a node that has a resource other than a container.
   * @param requestedNode the node that the caller named, if it did
   * @throws ApiError as `locateResource` and `runOnNode`, (404) if the requested node does not exist
   */
  runOnResourceNode(call: AwaitedCall, resource: Resource, requestedNode: string | undefined): Promise<DispatchedJob>;
  /**
   * Runs a job that creates a container on a node that placement chooses.
   * @throws ApiError (409) if the name of a dry run is in use; and as `Placement.choose` and `runOnNode`
   */
  runOnChosenNode(call: AwaitedCall, request: PlacementRequest & { readonly name?: string }): Promise<DispatchedJob>;
  /**
   * Runs a job on several nodes at once, see `runOnNodes`; nodes without a worker are skipped.
   * @throws ApiError (503) if no node has a worker
   */
  runOnNodes(call: JobRequest, nodes: readonly string[], wait: NodesWait): Promise<readonly NodeAnswer[]>;
}

/** Creates the dispatcher of an API process. */
export function createDispatcher(parts: DispatchParts): Dispatcher {
  const { fleet } = parts;
  const placement = createPlacement(fleet);
  const context = createDispatchContext(parts);
  const runOnNode = (call: AwaitedCall, node: string) => submitAndWait(context, call, node);

  return {
    runOnNode,
    async runOnContainerNode(call, reference, requestedNode) {
      if (requestedNode !== undefined && !fleet.nodes.has(requestedNode)) throw unknownNodeError(requestedNode);
      const node = requestedNode ?? (await findNode(context, reference, call));
      const run = await runOnNode(call, node);
      // Not repeated: an Idempotency-Key identifies a single job, and the answer of a node that the caller named is final.
      if (requestedNode !== undefined || call.idempotency || !isNotFound(run.outcome)) return run;
      const other = await findNodeAfter404(context, reference, call, node);
      return other === undefined ? run : runOnNode(call, other);
    },
    async runOnResourceNode(call, resource, requestedNode) {
      if (requestedNode !== undefined && !fleet.nodes.has(requestedNode)) throw unknownNodeError(requestedNode);
      return runOnNode(call, requestedNode ?? (await locateResource(context, resource, call)));
    },
    async runOnChosenNode(call, request) {
      const { node, markFinished } = placement.choose(request);
      try {
        if (!call.type.changes(call.input)) await rejectNameInUse(context, request.name, call);
        return await runOnNode(call, node);
      } finally {
        markFinished();
      }
    },
    async runOnNodes(call, nodes, wait) {
      const alive = fleet.isRedisAvailable ? nodes.filter(node => fleet.canTakeJobs(node)) : nodes;
      if (alive.length === 0) throw noWorkerError(nodes.join(', '));
      return runOnNodes(context, call, alive, wait);
    },
  };
}

/** Submits a job to a node and waits for it as the call requests. */
async function submitAndWait({ jobs, submitToNode }: DispatchContext, call: AwaitedCall, node: string): Promise<DispatchedJob> {
  const signal = call.startWait();
  const { id, outcome } = await submitToNode(call, node, signal);
  call.onSubmitted?.(id);
  if (!call.isDetached) return { id, outcome: await outcome };
  return { id, outcome: call.shouldAwaitDetached ? (await jobs.await(id, signal))?.outcome : undefined };
}

function isNotFound(outcome: Outcome | undefined): boolean {
  return outcome?.status === 'failed' && outcome.error?.type === 'NotFoundError';
}
