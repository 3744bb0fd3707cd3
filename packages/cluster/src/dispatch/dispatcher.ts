import { ApiError } from '@podman-api/errors';
import { noWorker, type Outcome, type Submitted } from '@podman-api/jobs';
import { withRedisErrors } from '@podman-api/redis';
import type { Entry } from '../directory/entry.ts';
import { release, reserve } from '../directory/reservation.ts';
import { noNodes, unknownNode } from '../heartbeats/node-errors.ts';
import { createPlacement, type PlacementRequest } from '../placement/placement.ts';
import type { AwaitedCall, Call, DispatchParts, Run } from './call.ts';
import { findContainers, hasContainer, refuseNameInUse } from './find-containers.ts';
import { type NodeAnswer, runOnNodes } from './run-on-nodes.ts';

/** Runs jobs on the nodes of the fleet. Methods throw an `ApiError` (503) while Redis is unavailable. */
export interface Dispatcher {
  /**
   * Runs a job on a node and waits for it as the call says.
   * @throws ApiError (503) if the node has no worker or no room; (413, 422) see `Jobs.submit`
   */
  runOnNode(call: AwaitedCall, node: string): Promise<Run>;
  /**
   * Runs a job on the node that has a container. If that node says that it has no such container, the job runs once more, on
   * the node that has it now: the directory may be behind.
   * @param reference the container's name or an id prefix
   * @param requestedNode the node that the caller named, if it did
   * @throws ApiError (404) if no node has it, (409) if several do, (503) if one that may have it does not answer; and as `runOnNode`
   */
  runOnContainerNode(call: AwaitedCall, reference: string, requestedNode: string | undefined): Promise<Run>;
  /**
   * Runs a job that creates a container on a node that placement chooses.
   * @throws ApiError (409) if the name of a dry run is in use; and as `Placement.choose` and `runOnNode`
   */
  runOnChosenNode(call: AwaitedCall, request: PlacementRequest & { readonly name?: string }): Promise<Run>;
  /**
   * Runs a job on several nodes at once, see `runOnNodes`; nodes without a worker are not asked.
   * @throws ApiError (503) if no node has a worker
   */
  runOnNodes(call: Call, nodes: readonly string[], signal: AbortSignal): Promise<readonly NodeAnswer[]>;
}

export function createDispatcher(parts: DispatchParts): Dispatcher {
  const { redis, jobs, fleet } = parts;
  const placement = createPlacement(fleet);

  /**
   * Submits a job to a node: every job of an API process goes this way. The name of a container that it creates is reserved
   * first; a job whose name is in use fails at once.
   */
  const submitToNode = async (call: Call, node: string, signal: AbortSignal): Promise<Submitted> => {
    const { type, input, request_id, token, reservedName, detached = false } = call;
    for (;;) {
      const ticket = await jobs.takeTicket(type.lane, node, call.idempotency);
      const isReserving = reservedName !== undefined && !ticket.claim?.hasEnded;
      const reservation = isReserving ? { name: reservedName, node: ticket.node, job: ticket.id } : undefined;
      const isHolderThere = (entry: Entry) => hasContainer(parts, submitToNode, entry, call);
      const immediateFailure =
        reservation && (await withRedisErrors(reserve({ redis, stateOf: jobs.stateOf }, reservation, isHolderThere)));
      const admissionError = fleet.isRedisAvailable && !fleet.canTakeJobs(ticket.node) ? noWorker(ticket.node) : undefined;
      const submission = { type, input, request_id, token, detached, reservedName, admissionError, immediateFailure };
      try {
        const submitted = await jobs.submit(ticket, submission, signal);
        if (reservation && submitted?.hasEnded) await withRedisErrors(release(redis, reservation));
        if (submitted) return submitted;
      } catch (error) {
        // A job that was not added uses no name; one that may have been added releases its name when it ends.
        if (reservation && jobs.isNotAdded(error)) await withRedisErrors(release(redis, reservation));
        throw error;
      }
    }
  };

  const runOnNode = async (call: AwaitedCall, node: string): Promise<Run> => {
    const signal = call.beginWait();
    const { id, outcome } = await submitToNode(call, node, signal);
    call.onSubmitted?.(id);
    if (!call.detached) return { id, outcome: await outcome };
    return { id, outcome: call.awaitDetached ? (await jobs.await(id, signal))?.outcome : undefined };
  };

  /** Finds the node that has a container. */
  const nodeOf = async (reference: string, call: Call): Promise<string> => {
    const [only, ...others] = fleet.nodes.keys();
    if (only === undefined) throw noNodes();
    // A single node says best itself that it has no such container.
    if (others.length === 0) return only;
    const { entries, unreachable } = await findContainers(parts, submitToNode, reference, call);
    const [node, ...more] = nodesOf(entries);
    if (node === undefined) throw unreachable.length > 0 ? noAnswer(reference, unreachable) : notFound(reference);
    if (more.length === 0) return node;
    // The directory may be behind: the nodes say who still has it.
    const [left = node, ...rest] = nodesOf(await existing(entries, call));
    if (rest.length === 0) return left;
    throw onSeveral(reference, [left, ...rest]);
  };

  /**
   * Finds the node that has a container which the node that the directory named does not have.
   * @returns `undefined` if that node has it after all, and meant something else
   */
  const nodeAfter404 = async (before: string, reference: string, call: Call): Promise<string | undefined> => {
    if (fleet.nodes.size < 2) return undefined;
    const { entries } = await findContainers(parts, submitToNode, reference, call);
    if (nodesOf(await existing(entries, call)).includes(before)) return undefined;
    return nodeOf(reference, call);
  };

  const existing = async (entries: readonly Entry[], call: Call): Promise<readonly Entry[]> => {
    const exist = await Promise.all(entries.map(entry => hasContainer(parts, submitToNode, entry, call)));
    return entries.filter((_, index) => exist[index]);
  };

  return {
    runOnNode,
    async runOnContainerNode(call, reference, requestedNode) {
      if (requestedNode !== undefined && !fleet.nodes.has(requestedNode)) throw unknownNode(requestedNode);
      const node = requestedNode ?? (await nodeOf(reference, call));
      const run = await runOnNode(call, node);
      // An Idempotency-Key stands for one job, and a node that the caller named has the last word.
      if (requestedNode !== undefined || call.idempotency || !isNotFound(run.outcome)) return run;
      const other = await nodeAfter404(node, reference, call);
      return other === undefined ? run : runOnNode(call, other);
    },
    async runOnChosenNode(call, request) {
      const { node, settle } = placement.choose(request);
      try {
        if (!call.type.changes(call.input)) await refuseNameInUse(parts, submitToNode, request.name, call);
        return await runOnNode(call, node);
      } finally {
        settle();
      }
    },
    async runOnNodes(call, nodes, signal) {
      const alive = fleet.isRedisAvailable ? nodes.filter(node => fleet.canTakeJobs(node)) : nodes;
      if (alive.length === 0) throw noWorker(nodes.join(', '));
      return runOnNodes(parts, submitToNode, call, alive, signal);
    },
  };
}

function isNotFound(outcome: Outcome | undefined): boolean {
  return outcome?.status === 'failed' && outcome.error?.type === 'NotFoundError';
}

function nodesOf(entries: readonly Entry[]): readonly string[] {
  return [...new Set(entries.map(({ node }) => node))];
}

function onSeveral(reference: string, nodes: readonly string[]): ApiError {
  return new ApiError('ConflictError', `${reference} is on several nodes (${nodes.join(', ')}): pick one with ?node=.`);
}

function notFound(reference: string): ApiError {
  return new ApiError('NotFoundError', `There is no container ${reference}.`);
}

function noAnswer(reference: string, nodes: readonly string[]): ApiError {
  const message = `No node that answered has a container ${reference}, but ${nodes.join(', ')} did not answer: send the request again later.`;
  return new ApiError('ServiceUnavailableError', message);
}
