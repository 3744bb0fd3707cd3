import type { AwaitedCall, DispatchedJob } from '@podman-api/cluster';
import { enforcePolicy, type Operation } from '@podman-api/operations';
import { basePath, type RouteContext, requesterOf } from '../../context.ts';
import type { AppParts } from '../../parts.ts';
import { checkCallbackUrl } from '../../request/callback-url.ts';
import { expandPool } from '../../request/expand-pool.ts';
import { readIdempotency } from '../../request/idempotency.ts';
import { readInput } from '../../request/input.ts';
import { readNode } from '../../request/node.ts';
import { readPrefer } from '../../request/prefer.ts';
import { requiredResources, withLimitedTtl } from '../../request/quotas.ts';
import { startWait } from '../../request/wait.ts';
import { respond } from '../../response/success.ts';
import { respondWithJob } from '../jobs/respond-with-job.ts';
import { createAllNodesHandler, nodesFor } from './all-nodes.ts';
import { dispatchByReach } from './dispatch-by-reach.ts';
import { readLateOutcome, resultOf } from './outcome.ts';
import type { OperationRequest } from './request.ts';
import { runOnSeveralNodes, severalNodes } from './several-nodes.ts';
import { isRequested, streamEvents } from './stream-events.ts';

/** Handles an operation's route: reads and validates the input, runs it as a job, and responds with its outcome. */
export function handle(operation: Operation, parts: AppParts) {
  const { jobs, dispatcher, fleet, config, policy, callbackHosts } = parts;
  const handleAllNodes = createAllNodesHandler(parts);

  return async (ctx: RouteContext): Promise<void> => {
    const { requestedNode, query } = readNode(ctx, operation);
    const { input: given, callbackUrl: givenUrl } = await readInput(ctx, operation, ctx.params, query, config.MAX_BODY);
    const { task, input } = await expandPool(operation, given, parts.pools);
    enforcePolicy(task, input, policy);
    const resources = requiredResources(task, input, ctx.state.token);
    const prefer = readPrefer(ctx.get('Prefer'), config.MAX_WAIT);
    const callbackUrl = checkCallbackUrl(givenUrl, prefer, callbackHosts);
    const { stream, reach } = operation;
    if (stream && isRequested(stream, input)) return streamEvents(ctx, parts, stream, input, prefer, requestedNode);
    const identity = { ...(requestedNode !== undefined && { node: requestedNode }), ...(callbackUrl !== undefined && { callbackUrl }) };
    const idempotency = readIdempotency(ctx, operation, { ...given, ...identity });
    if (prefer.applied !== '') ctx.set('Preference-Applied', prefer.applied);
    const allowed = withLimitedTtl(task, withoutCache(ctx, operation, input), ctx.state.token);
    const request: OperationRequest = { operation, task, input: allowed, requestedNode, idempotency, prefer, resources, callbackUrl };

    const claimedNode = idempotency && (await jobs.findClaimedNode(idempotency));
    const call = createCall(ctx, parts, request);
    const extraFields = reach === 'all' ? { unreachable: [] } : {};
    if (claimedNode !== undefined)
      return respondWithOutcome(ctx, parts, request, await dispatcher.runOnNode(call, claimedNode), extraFields);
    if (reach === 'nodes') {
      const several = severalNodes(input, fleet);
      if (several && idempotency) await jobs.claimRequest(idempotency);
      if (several) return runOnSeveralNodes(ctx, parts, request, several);
    }
    if (reach !== 'all')
      return respondWithOutcome(ctx, parts, request, await dispatchByReach(dispatcher, call, reach, input, requestedNode));
    const nodes = nodesFor(requestedNode, fleet);
    const [only, ...others] = nodes;
    const isOneJob = prefer.applied !== '' || idempotency !== undefined;
    if (idempotency && others.length > 0) await jobs.claimRequest(idempotency);
    if (!isOneJob || only === undefined || others.length > 0) return handleAllNodes(ctx, request, nodes);
    // A single job can be waited for, or not, as the caller prefers, and have an Idempotency-Key.
    await respondWithOutcome(ctx, parts, request, await dispatcher.runOnNode(call, only), extraFields);
  };
}

/** Creates the call of a request that is one job. */
function createCall(ctx: RouteContext, { config, stopping }: AppParts, request: OperationRequest): AwaitedCall {
  const { operation, task, input, idempotency, prefer, resources, callbackUrl } = request;
  return {
    ...requesterOf(ctx),
    type: task,
    input,
    idempotency,
    reservedName: task.reservedName?.(input),
    quotas: ctx.state.token?.quotas,
    resources,
    callbackUrl,
    isDetached: prefer.respondAsync || operation.isDetached === true,
    shouldAwaitDetached: prefer.wait !== undefined || !prefer.respondAsync,
    startWait: () => startWait(ctx, prefer.wait ?? config.REQUEST_TIMEOUT, stopping),
    onSubmitted(id) {
      ctx.state.jobId = id;
    },
  };
}

/**
 * Responds with the outcome of a job, or with 202 and the job if the caller prefers not to wait for it.
 * @param extraFields fields of the response in addition to the result
 */
async function respondWithOutcome(
  ctx: RouteContext,
  { jobs }: AppParts,
  { operation, input, prefer }: OperationRequest,
  { id, outcome }: DispatchedJob,
  extraFields: object = {},
): Promise<void> {
  if (!outcome && prefer.respondAsync) return respondWithJob(ctx, { jobs }, id);
  // A job that others wait for too is not withdrawn, and may still be queued.
  const result = resultOf(operation, id, outcome ?? (await readLateOutcome(jobs, id)));
  const location = result && operation.location?.(input, result);
  if (location !== undefined) ctx.set('Location', basePath + location);
  respond(ctx, operation.statusOf?.(input) ?? operation.status, operation.noun, result, extraFields);
}

/** `Cache-Control: no-cache` (RFC 9111, section 5.2.1.4) bypasses the caches of workers too. */
function withoutCache({ headers }: Pick<RouteContext, 'headers'>, { query }: Operation, input: object): object {
  const isWanted = query.includes('fresh') && /\bno-cache\b/i.test(headers['cache-control'] ?? '');
  return isWanted ? { ...input, fresh: true } : input;
}
