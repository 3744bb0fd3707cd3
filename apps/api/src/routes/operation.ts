import { ApiError } from '@podman-api/errors';
import { allow, type Operation } from '@podman-api/operations';
import type { RouteContext } from '../context.ts';
import { holderAfter, nodeOfContainer, refuseTaken } from '../fleet/locate.ts';
import { createPlacement } from '../fleet/placement.ts';
import type { AppParts } from '../parts.ts';
import { readIdempotency } from '../request/idempotency.ts';
import { readInput } from '../request/input.ts';
import { readNode } from '../request/node.ts';
import { readPrefer } from '../request/prefer.ts';
import { askAll } from './all-nodes.ts';
import { type Asked, askOne } from './one-node.ts';

/** Handles an operation's route: reads and checks the input, makes a job of it, and waits for that as told. */
export function handle(operation: Operation, parts: AppParts) {
  const { queue, config, policy } = parts;
  const placement = createPlacement(queue.fleet);
  const all = askAll(parts);

  return async (ctx: RouteContext): Promise<void> => {
    const { picked, query } = readNode(ctx, operation);
    const input = await readInput(ctx, operation, ctx.params, query, config.MAX_BODY);
    allow(operation, input, policy);
    const idempotency = readIdempotency(ctx, operation, { ...input, ...(picked !== undefined && { node: picked }) });
    const prefer = readPrefer(ctx.get('Prefer'), config.MAX_WAIT);
    if (prefer.applied !== '') ctx.set('Preference-Applied', prefer.applied);
    const asked: Asked = { operation, input: freshly(ctx, operation, input), picked, idempotency, prefer };

    const known = idempotency && (await queue.recall(idempotency));
    if (known !== undefined) return askOne(ctx, parts, asked, known);
    if (operation.reach === 'all') return all(ctx, asked);
    const asker = { request_id: ctx.state.requestId, token: ctx.state.token?.name ?? null };
    if (operation.reach === 'new') {
      const node = placement.choose(input);
      if (!operation.changes(input)) await refuseTaken(queue, input, asker);
      return askOne(ctx, parts, asked, node);
    }
    const name = ctx.params['name'] ?? '';
    const node = await nodeOfContainer(queue, name, picked, asker);
    try {
      await askOne(ctx, parts, asked, node);
    } catch (error) {
      // A key stands for one job; and where the caller has picked a node, that has the last word.
      const isSure = picked !== undefined || idempotency || !(error instanceof ApiError) || error.type !== 'NotFoundError';
      const holder = isSure ? undefined : await holderAfter(queue, node, name, asker);
      if (holder === undefined) throw error;
      await askOne(ctx, parts, asked, holder);
    }
  };
}

/** A caller who wants nothing from a cache (RFC 9111, section 5.2.1.4) wants nothing that a worker remembers. */
function freshly({ headers }: Pick<RouteContext, 'headers'>, { query }: Operation, input: object): object {
  const wanted = query.includes('fresh') && /\bno-cache\b/i.test(headers['cache-control'] ?? '');
  return wanted ? { ...input, fresh: true } : input;
}
