import Joi from 'joi';
import type { RouteContext } from '../../context.ts';
import type { AppParts } from '../../parts.ts';
import { readQuery } from '../../request/query.ts';
import { respond } from '../../response/success.ts';
import { presentNodes, requireNode } from './present.ts';

const schema = Joi.object({});

/** Handles `GET /nodes`: all nodes, sorted by name. */
export function listNodes(parts: AppParts) {
  return async (ctx: RouteContext): Promise<void> => {
    readQuery(ctx, schema);
    respond(ctx, 200, 'nodes', await presentNodes(parts, [...parts.fleet.nodes.values()]));
  };
}

/** Handles `GET /nodes/:name`. */
export function readNode(parts: AppParts) {
  return async (ctx: RouteContext): Promise<void> => {
    readQuery(ctx, schema);
    const [node] = await presentNodes(parts, [requireNode(parts.fleet, ctx.params['name'] ?? '')]);
    respond(ctx, 200, 'node', node);
  };
}
