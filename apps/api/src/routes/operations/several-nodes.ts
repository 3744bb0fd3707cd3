import type { Fleet, NodeAnswer } from '@podman-api/cluster';
import { callForNode, noNodesError } from '@podman-api/cluster';
import { ApiError, type ErrorBody, toApiError } from '@podman-api/errors';
import { noWorkerError } from '@podman-api/jobs';
import type { NodesChoice } from '@podman-api/operations';
import { type RouteContext, requesterOf } from '../../context.ts';
import type { AppParts } from '../../parts.ts';
import { startWait } from '../../request/wait.ts';
import { respond } from '../../response/success.ts';
import { presentJob } from '../jobs/present.ts';
import { readLateOutcome, resultOf, waitTimeoutError } from './outcome.ts';
import type { OperationRequest } from './request.ts';

/** A node without a result, in a response from several nodes. */
export interface FailedNode {
  readonly node: string;
  /** `undefined` if no job could be added. */
  readonly job_id?: string;
  readonly error: ErrorBody;
}

/**
 * Returns the nodes of a request for several: those with the labels of `node_selector`, or all. Nodes without a worker are
 * included, so that the response names them.
 * @returns `undefined` if the request is for one node
 * @throws ApiError (503) if there is no such node
 */
export function severalNodes({ all_nodes, node_selector }: NodesChoice, { nodes }: Pick<Fleet, 'nodes'>): readonly string[] | undefined {
  if (!all_nodes && node_selector === undefined) return undefined;
  const labels = Object.entries(node_selector ?? {});
  const matching = [...nodes.values()].filter(node => labels.every(([label, value]) => node.labels[label] === value));
  if (matching.length > 0) return matching.map(({ name }) => name);
  if (nodes.size === 0) throw noNodesError();
  const wanted = labels.map(([label, value]) => `${label}=${value}`).join(',');
  throw new ApiError('ServiceUnavailableError', `No node matches node_selector ${wanted}: GET /nodes lists the labels of all nodes.`);
}

/**
 * Runs an operation on several nodes at once and responds with the results in a list named after its noun, and `failed`. A job
 * that does not end in time continues, and is in `failed` with its id. With `Prefer: respond-async`, responds with the jobs at once.
 * @throws ApiError the error of the first node, if no node has a result
 */
export async function runOnSeveralNodes(
  ctx: RouteContext,
  parts: AppParts,
  request: OperationRequest,
  nodes: readonly string[],
): Promise<void> {
  const { dispatcher, jobs, config, stopping } = parts;
  const { operation, input, idempotency, prefer } = request;
  if (prefer.respondAsync) return submitToNodes(ctx, parts, request, nodes);
  const wait = startWait(ctx, prefer.wait ?? config.REQUEST_TIMEOUT, stopping);
  const answers = await dispatcher.runOnNodes(
    { ...requesterOf(ctx), type: operation, input, idempotency, quotas: ctx.state.token?.quotas },
    nodes,
    { signal: wait },
  );
  const byNode = new Map(answers.map(one => [one.node, one]));
  const results: object[] = [];
  const failed: FailedNode[] = [];
  for (const node of nodes) {
    const one = byNode.get(node);
    try {
      results.push(await resultOfNode(one, node));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      failed.push({ node, ...(one?.job !== undefined && { job_id: one.job }), error: error.toJSON() });
    }
  }
  const [first] = failed;
  if (results.length === 0 && first) throw ApiError.fromJSON(first.error);
  respond(ctx, operation.status, `${operation.noun}s`, results, { failed });

  async function resultOfNode(one: NodeAnswer | undefined, node: string): Promise<object> {
    if (one?.job === undefined) throw one?.error ?? noWorkerError(node);
    return resultOf(operation, one.job, one.outcome ?? (await readLateOutcome(jobs, one.job))) ?? {};
  }
}

/** Submits a job for each node, and responds with 202 and the jobs. @throws ApiError the error of the first node, if no node has a job */
async function submitToNodes(
  ctx: RouteContext,
  { dispatcher, jobs, stopping }: AppParts,
  { operation, input, idempotency, callbackUrl }: OperationRequest,
  nodes: readonly string[],
): Promise<void> {
  const own = { type: operation, input, idempotency, quotas: ctx.state.token?.quotas, callbackUrl };
  const call = { ...requesterOf(ctx), ...own, isDetached: true, startWait: () => stopping };
  const submitted: object[] = [];
  const failed: FailedNode[] = [];
  const submit = async (node: string): Promise<void> => {
    let id: string | undefined;
    try {
      ({ id } = await dispatcher.runOnNode(callForNode(call, node), node));
      const job = await jobs.read(id);
      if (!job) throw waitTimeoutError(id, 'queued');
      submitted.push(presentJob(job));
    } catch (error) {
      failed.push({ node, ...(id !== undefined && { job_id: id }), error: toApiError(error).toJSON() });
    }
  };
  await Promise.all(nodes.map(submit));
  const [first] = failed;
  if (submitted.length === 0 && first) throw ApiError.fromJSON(first.error);
  respond(ctx, 202, 'jobs', submitted, { failed });
}
