import { type Fleet, type NodeAnswer, type NodesWait, noNodesError, unknownNodeError } from '@podman-api/cluster';
import { ApiError, invalidField } from '@podman-api/errors';
import { createSingleFlight, rejectOnAbort } from '@podman-api/runtime';
import { type RouteContext, requesterOf } from '../../context.ts';
import type { AppParts } from '../../parts.ts';
import { startWait } from '../../request/wait.ts';
import { respondWithJson } from '../../response/success.ts';
import { readLateOutcome, resultOf } from './outcome.ts';
import type { OperationRequest } from './request.ts';

/** A run of jobs delays the next one with the same input by this at most, so that one slow node does not hold up later callers. */
const maxSharingDelayMs = 500;
/** Callers wait longer than a run of jobs may take, because the next run starts late. */
const sharingMarginSeconds = 1;

/** The combined result of the queried nodes. */
interface Collected {
  /** A JSON array, made once however many callers share it. */
  readonly json: string;
  readonly unreachable: readonly string[];
  /** The job, if one node was asked. */
  readonly job: string | undefined;
}

/**
 * Creates the handler of an operation on all nodes. It responds with the results of all nodes, as soon as the slowest has
 * answered, and names the nodes that do not answer. Callers with the same request at the same time share the jobs of a run
 * that had not begun when they asked. The jobs of a change are never shared, and have the time limit of a change of one
 * container.
 */
export function createAllNodesHandler(parts: AppParts) {
  const { config, stopping } = parts;
  const singleFlight = createSingleFlight<Collected>(maxSharingDelayMs);

  return async (ctx: RouteContext, request: OperationRequest, nodes: readonly string[]): Promise<void> => {
    const { operation, input, requestedNode, prefer } = request;
    if (prefer.respondAsync) throw invalidField('Prefer', severalJobs);
    const changes = operation.changes(input);
    const runSeconds = prefer.wait ?? config.REQUEST_TIMEOUT;
    const requester = requesterOf(ctx);
    const wait = startWait(ctx, prefer.wait ?? runSeconds + sharingMarginSeconds, stopping);
    // With `Prefer: wait=N`, all nodes have N seconds. A change may take long on one of them, so its wait is not shortened either.
    const limitsStragglers = prefer.wait === undefined && !changes;
    const collect = (signal: AbortSignal) => collectFrom(parts, request, nodes, requester, { signal, limitsStragglers });
    const key = JSON.stringify([operation.name, input, requestedNode, requester.token]);
    const collecting = limitsStragglers ? singleFlight(key, () => collect(AbortSignal.timeout(runSeconds * 1000))) : collect(wait);
    // A run that others share may take longer than this caller waits.
    const { json, unreachable, job } = await rejectOnAbort(collecting, wait, notInTime);
    if (job !== undefined) ctx.state.jobId = job;
    respondWithJson(ctx, operation.status, operation.noun, json, { unreachable });
  };
}

const severalJobs = 'Prefer: respond-async is not possible with several nodes: choose one with ?node=.';
const notInTime = () => new ApiError('TimeoutError', 'The nodes did not answer in time: send the request again.');

/**
 * Returns the node that the caller named, or all nodes.
 * @throws ApiError (404) for a node that does not exist, (503) if there is none
 */
export function nodesFor(requestedNode: string | undefined, { nodes }: Pick<Fleet, 'nodes'>): readonly string[] {
  if (requestedNode !== undefined && !nodes.has(requestedNode)) throw unknownNodeError(requestedNode);
  if (nodes.size === 0) throw noNodesError();
  return requestedNode === undefined ? [...nodes.keys()] : [requestedNode];
}

/** Collects the results of nodes in one list. @throws ApiError if none has answered */
async function collectFrom(
  { dispatcher, jobs }: AppParts,
  { operation, input, idempotency }: OperationRequest,
  nodes: readonly string[],
  requester: ReturnType<typeof requesterOf>,
  wait: NodesWait,
): Promise<Collected> {
  const call = { ...requester, type: operation, input, idempotency };
  const [only, ...others] = nodes;
  if (only !== undefined && others.length === 0) {
    const { id, outcome } = await dispatcher.runOnNode({ ...call, startWait: () => wait.signal }, only);
    const result = resultOf(operation, id, outcome ?? (await readLateOutcome(jobs, id)));
    return { json: JSON.stringify(result), unreachable: [], job: id };
  }
  const answers = await dispatcher.runOnNodes(call, nodes, wait);
  const succeeded = answers.filter(({ outcome }) => outcome?.status === 'succeeded');
  if (succeeded.length === 0) throw firstFailure(answers);
  const names = new Set(succeeded.map(({ node }) => node));
  const items = succeeded.flatMap(({ job = '', outcome }) => itemsOf(outcome && resultOf(operation, job, outcome)));
  return { json: JSON.stringify(items), unreachable: nodes.filter(node => !names.has(node)), job: undefined };
}

function itemsOf(result: object | undefined): readonly unknown[] {
  return Array.isArray(result) ? result : [];
}

/** Returns why no node has answered: the first error of one, or that none was in time. */
function firstFailure(answers: readonly NodeAnswer[]): ApiError {
  const [failed] = answers.flatMap(({ outcome }) => (outcome?.error ? [outcome.error] : []));
  if (failed) return ApiError.fromJSON(failed);
  return new ApiError(
    'ServiceUnavailableError',
    'No node answered in time: send the request again, or ask for a longer wait (Prefer: wait=30).',
  );
}
