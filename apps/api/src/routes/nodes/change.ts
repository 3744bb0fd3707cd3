import { ApiError } from '@podman-api/errors';
import Joi from 'joi';
import type { RouteContext } from '../../context.ts';
import type { AppParts } from '../../parts.ts';
import { readBody } from '../../request/body.ts';
import { readQuery } from '../../request/query.ts';
import { recordChange } from '../../request/record-change.ts';
import { respond } from '../../response/success.ts';
import { presentNodes, requireNode } from './present.ts';

const emptyQuery = Joi.object({});

/** Handles `POST /nodes/:name/drain`, which stops placing containers on a node, and `/resume`, which undoes it. */
export function changeNode(parts: AppParts, action: 'drain' | 'resume') {
  return async (ctx: RouteContext): Promise<void> => {
    const { nodeManager, fleet, audit, config } = parts;
    const name = await readName(ctx, config.MAX_BODY);
    requireNode(fleet, name);
    await nodeManager[action](name);
    recordChange(ctx, audit, { operation: `node.${action}`, outcome: 'succeeded', node: name });
    const [node] = await presentNodes(parts, [requireNode(fleet, name)]);
    respond(ctx, 200, 'node', node);
  };
}

/** Handles `DELETE /nodes/:name`: removes an offline node and its containers from the directory. */
export function forgetNode({ nodeManager, fleet, audit, config }: AppParts) {
  return async (ctx: RouteContext): Promise<void> => {
    const name = await readName(ctx, config.MAX_BODY);
    if (requireNode(fleet, name).status !== 'offline') {
      throw new ApiError('ConflictError', `The node ${name} has a running worker: stop it first.`);
    }
    await nodeManager.forget(name);
    recordChange(ctx, audit, { operation: 'node.remove', outcome: 'succeeded', node: name });
    respond(ctx, 200, 'node', { name, removed: true });
  };
}

async function readName(ctx: RouteContext, maxBytes: number): Promise<string> {
  readQuery(ctx, emptyQuery);
  await readBody(ctx, maxBytes);
  return ctx.params['name'] ?? '';
}
