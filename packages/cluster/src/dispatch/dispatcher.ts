import { ApiError, toApiError } from '@podman-api/errors';
import { noWorkerError, type Outcome, type Submitted, type Ticket } from '@podman-api/jobs';
import { withRedisErrors } from '@podman-api/redis';
import type { DirectoryEntry } from '../directory/entry.ts';
import { type Reservation, release, reserve } from '../directory/reservation.ts';
import { noNodesError, unknownNodeError } from '../heartbeats/node-errors.ts';
import { createPlacement, type PlacementRequest } from '../placement/placement.ts';
import { type QuotaReservation, reserveQuotas } from '../quotas/reserve.ts';
import type { AwaitedCall, DispatchedJob, DispatchParts, JobRequest, NodesWait, SubmitToNode } from './call.ts';
import { findContainers, hasContainer, rejectNameInUse } from './find-containers.ts';
import { locateResource, type Resource } from './locate-resource.ts';
import { type NodeAnswer, runOnNodes } from './run-on-nodes.ts';

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
  const { redis, jobs, fleet } = parts;
  const placement = createPlacement(fleet);
  const lastFruitlessCheckAtMs = new Map<string, number>();

  /** Reserves room in the quotas of the caller's token. Reads and waits need none, and neither does a job that has ended. */
  const reserveRoom = async (
    { type, input, token, quotas = {}, resources }: JobRequest,
    { id, node, claim }: Ticket,
  ): Promise<QuotaReservation> => {
    if (token === null || (type.lane !== 'commands' && !type.changes(input)) || claim?.hasEnded) return { undo: async () => {} };
    return withRedisErrors(
      reserveQuotas({ redis, stateOf: jobs.stateOf, lastFruitlessCheckAtMs }, { job: id, node, token, quotas, resources }),
    );
  };

  /**
   * Submits a job to a node: every job of an API process is submitted here. Room in the quotas of its token and the name of a
   * container that it creates are reserved first; a job whose name is in use fails at once.
   * @throws ApiError (403) if a quota does not allow the job; and as `runOnNode`
   */
  const submitToNode = async (call: JobRequest & Pick<AwaitedCall, 'onTicket'>, node: string, signal: AbortSignal): Promise<Submitted> => {
    const { type, input, request_id, token, reservedName, callbackUrl, isDetached = false } = call;
    for (;;) {
      const ticket = await jobs.takeTicket(type.lane, node, call.idempotency);
      await call.onTicket?.(ticket.id);
      const room = await reserveRoom(call, ticket);
      // With an Idempotency-Key the refusal is stored as a failed job, so that each repetition gets the same answer.
      if (room.error && !ticket.claim) throw room.error;
      const isReserving = reservedName !== undefined && !ticket.claim?.hasEnded && !room.error;
      const reservation = isReserving ? { name: reservedName, node: ticket.node, job: ticket.id } : undefined;
      const { nameConflict, uncheckedError } = reservation ? await reserveName(parts, submitToNode, call, reservation) : {};
      // An Idempotency-Key may name a job that exists: it is joined, although no new job could be added now.
      if (uncheckedError && !ticket.claim) throw uncheckedError;
      const immediateFailure = room.error ?? nameConflict;
      const isWorkerMissing = fleet.isRedisAvailable && !fleet.canTakeJobs(ticket.node);
      const admissionError = uncheckedError ?? (isWorkerMissing ? noWorkerError(ticket.node) : undefined);
      const submission = { type, input, request_id, token, isDetached, reservedName, callbackUrl, admissionError, immediateFailure };
      try {
        const submitted = await jobs.submit(ticket, submission, signal);
        if (reservation && submitted?.hasEnded) await withRedisErrors(release(redis, reservation));
        if (!submitted || submitted.hasEnded) await withRedisErrors(room.undo());
        if (submitted) return submitted;
      } catch (error) {
        // A job that was not added needs no reservations. One that may have been added releases them when it ends.
        if (jobs.isNotAdded(error)) await withRedisErrors(Promise.all([reservation && release(redis, reservation), room.undo()]));
        throw error;
      }
    }
  };

  const runOnNode = async (call: AwaitedCall, node: string): Promise<DispatchedJob> => {
    const signal = call.startWait();
    const { id, outcome } = await submitToNode(call, node, signal);
    call.onSubmitted?.(id);
    if (!call.isDetached) return { id, outcome: await outcome };
    return { id, outcome: call.shouldAwaitDetached ? (await jobs.await(id, signal))?.outcome : undefined };
  };

  /** Finds the node that has a container. */
  const findNode = async (reference: string, call: JobRequest): Promise<string> => {
    const [only, ...others] = fleet.nodes.keys();
    if (only === undefined) throw noNodesError();
    // A single node needs no search: its job reports that there is no such container.
    if (others.length === 0) return only;
    const { entries, unreachable } = await findContainers(parts, submitToNode, reference, call);
    const [node, ...more] = collectNodes(entries);
    if (node === undefined) throw unreachable.length > 0 ? noAnswerError(reference, unreachable) : notFoundError(reference);
    if (more.length === 0) return node;
    // The directory may be outdated: check which of the nodes still have the container.
    const [remaining = node, ...rest] = collectNodes(await filterExisting(entries, call));
    if (rest.length === 0) return remaining;
    throw severalNodesError(reference, [remaining, ...rest]);
  };

  /**
   * Finds the node of a container after the node that the directory named has returned 404.
   * @returns `undefined` if that node does have the container: its 404 was about something else
   */
  const findNodeAfter404 = async (firstNode: string, reference: string, call: JobRequest): Promise<string | undefined> => {
    if (fleet.nodes.size < 2) return undefined;
    const { entries } = await findContainers(parts, submitToNode, reference, call);
    if (collectNodes(await filterExisting(entries, call)).includes(firstNode)) return undefined;
    return findNode(reference, call);
  };

  /** Returns the entries whose container still exists. */
  const filterExisting = async (entries: readonly DirectoryEntry[], call: JobRequest): Promise<readonly DirectoryEntry[]> => {
    const exists = await Promise.all(entries.map(entry => hasContainer(parts, submitToNode, entry, call)));
    return entries.filter((_, index) => exists[index]);
  };

  return {
    runOnNode,
    async runOnContainerNode(call, reference, requestedNode) {
      if (requestedNode !== undefined && !fleet.nodes.has(requestedNode)) throw unknownNodeError(requestedNode);
      const node = requestedNode ?? (await findNode(reference, call));
      const run = await runOnNode(call, node);
      // An Idempotency-Key identifies one job, and the answer of a node that the caller named is final.
      if (requestedNode !== undefined || call.idempotency || !isNotFound(run.outcome)) return run;
      const other = await findNodeAfter404(node, reference, call);
      return other === undefined ? run : runOnNode(call, other);
    },
    async runOnResourceNode(call, resource, requestedNode) {
      if (requestedNode !== undefined && !fleet.nodes.has(requestedNode)) throw unknownNodeError(requestedNode);
      return runOnNode(call, requestedNode ?? (await locateResource(parts, submitToNode, resource, call)));
    },
    async runOnChosenNode(call, request) {
      const { node, markSubmitted: settle } = placement.choose(request);
      try {
        if (!call.type.changes(call.input)) await rejectNameInUse(parts, submitToNode, request.name, call);
        return await runOnNode(call, node);
      } finally {
        settle();
      }
    },
    async runOnNodes(call, nodes, wait) {
      const alive = fleet.isRedisAvailable ? nodes.filter(node => fleet.canTakeJobs(node)) : nodes;
      if (alive.length === 0) throw noWorkerError(nodes.join(', '));
      return runOnNodes(parts, submitToNode, call, alive, wait);
    },
  };
}

/** Why a job cannot have the name of the container that it is to create. */
interface NameRefusal {
  /** 409: the name is in use. */
  readonly nameConflict?: ApiError;
  /** The node of the container that has the name could not be asked whether it still exists. */
  readonly uncheckedError?: ApiError;
}

/** Reserves a name for a job. @throws ApiError (503) while Redis is unavailable */
async function reserveName(
  parts: DispatchParts,
  submitToNode: SubmitToNode,
  call: JobRequest,
  reservation: Reservation,
): Promise<NameRefusal> {
  const { redis, jobs } = parts;
  const errors: ApiError[] = [];
  const isHolderPresent = (entry: DirectoryEntry) =>
    hasContainer(parts, submitToNode, entry, call).catch((error: unknown) => {
      errors.push(toApiError(error));
      return true;
    });
  const nameConflict = await withRedisErrors(reserve({ redis, stateOf: jobs.stateOf }, reservation, isHolderPresent));
  const [uncheckedError] = errors;
  if (uncheckedError) return { uncheckedError };
  return nameConflict ? { nameConflict } : {};
}

function isNotFound(outcome: Outcome | undefined): boolean {
  return outcome?.status === 'failed' && outcome.error?.type === 'NotFoundError';
}

function collectNodes(entries: readonly DirectoryEntry[]): readonly string[] {
  return [...new Set(entries.map(({ node }) => node))];
}

function severalNodesError(reference: string, nodes: readonly string[]): ApiError {
  return new ApiError('ConflictError', `${reference} is on several nodes (${nodes.join(', ')}): pick one with ?node=.`);
}

function notFoundError(reference: string): ApiError {
  return new ApiError('NotFoundError', `There is no container ${reference}.`);
}

function noAnswerError(reference: string, nodes: readonly string[]): ApiError {
  const message = `No node that answered has a container ${reference}, but ${nodes.join(', ')} did not answer: send the request again later.`;
  return new ApiError('ServiceUnavailableError', message);
}
