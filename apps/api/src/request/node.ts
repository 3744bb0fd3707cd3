import { nodeName, type Operation, validateAgainst } from '@podman-api/operations';
import Joi from 'joi';
import type { Context } from '../context.ts';

const schema = Joi.object<{ node?: string }>({ node: nodeName() });

/**
 * Takes the node that a caller picks out of the query of an operation on containers that are there.
 * @throws ApiError (400) where that can't be a node's name
 */
export function readNode({ query }: Pick<Context, 'query'>, { reach }: Operation): { requestedNode?: string; query: Context['query'] } {
  if (reach === 'new') return { query };
  const { node, ...rest } = query;
  return { ...(node !== undefined && { requestedNode: validateAgainst(schema, { node }).node ?? '' }), query: rest };
}
