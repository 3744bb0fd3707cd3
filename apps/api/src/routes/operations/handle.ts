import { allow, type Operation } from '@podman-api/operations';
import type { RouteContext } from '../../context.ts';
import type { AppParts } from '../../parts.ts';
import { readIdempotency } from '../../request/idempotency.ts';
import { readInput } from '../../request/input.ts';
import { readNode } from '../../request/node.ts';
import { readPrefer } from '../../request/prefer.ts';
import { createAllNodesHandler } from './all-nodes.ts';
import { answerRun, createCall } from './one-job.ts';
import type { OperationRequest } from './request.ts';

/** Handles an operation's route: reads and checks the input, runs it as a job, and answers with its outcome. */
export function handle(operation: Operation, parts: AppParts) {
  const { jobs, cluster, config, policy } = parts;
  const handleAllNodes = createAllNodesHandler(parts);

  return async (ctx: RouteContext): Promise<void> => {
    const { picked, query } = readNode(ctx, operation);
    const input = await readInput(ctx, operation, ctx.params, query, config.MAX_BODY);
    allow(operation, input, policy);
    const idempotency = readIdempotency(ctx, operation, { ...input, ...(picked !== undefined && { node: picked }) });
    const prefer = readPrefer(ctx.get('Prefer'), config.MAX_WAIT);
    if (prefer.applied !== '') ctx.set('Preference-Applied', prefer.applied);
    const request: OperationRequest = { operation, input: withoutCache(ctx, operation, input), picked, idempotency, prefer };

    const claimedNode = idempotency && (await jobs.findClaimedNode(idempotency));
    if (operation.reach === 'all' && claimedNode === undefined) return handleAllNodes(ctx, request);
    const call = createCall(ctx, parts, request);
    const run = async () => {
      if (claimedNode !== undefined) return cluster.runOnNode(call, claimedNode);
      if (operation.reach === 'new') return cluster.runOnChosenNode(call, input);
      return cluster.runOnHolder(call, ctx.params['name'] ?? '', picked);
    };
    await answerRun(ctx, parts, request, await run());
  };
}

/** A caller who wants nothing from a cache (RFC 9111, section 5.2.1.4) gets nothing that a worker remembers. */
function withoutCache({ headers }: Pick<RouteContext, 'headers'>, { query }: Operation, input: object): object {
  const isWanted = query.includes('fresh') && /\bno-cache\b/i.test(headers['cache-control'] ?? '');
  return isWanted ? { ...input, fresh: true } : input;
}
