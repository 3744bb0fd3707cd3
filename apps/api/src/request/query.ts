import { validateAgainst } from '@podman-api/operations';
import type { ObjectSchema } from 'joi';
import type { KoaContext } from '../context.ts';

/**
 * Reads the query of a route that creates no job.
 * @throws ApiError (400) that lists all errors
 */
export function readQuery<Query extends object>(ctx: KoaContext, schema: ObjectSchema<Query>): Query {
  return validateAgainst(schema, { ...ctx.query });
}
