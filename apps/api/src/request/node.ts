import { nodeName, type Operation, validateAgainst } from '@podman-api/operations';
import Joi from 'joi';
import type { KoaContext } from '../context.ts';

const schema = Joi.object<{ node?: string }>({ node: nodeName() });

/**
 * Separates the `node` parameter from the query of an operation on existing containers.
 * @throws ApiError (400) if it is not a valid node name
 */
export function readNode(
  { query }: Pick<KoaContext, 'query'>,
  { reach }: Operation,
): { requestedNode?: string; query: KoaContext['query'] } {
  if (reach === 'new' || reach === 'nodes') return { query };
  const { node, ...rest } = query;
  return { ...(node !== undefined && { requestedNode: validateAgainst(schema, { node }).node ?? '' }), query: rest };
}
