import type { Effect } from '../../operation.ts';
import { shortId } from '../../short-id.ts';
import type { CreateInput } from './input.ts';

/** Returns the effect of a task that has created a container. @param id the container's id, full or short */
export function effectOfCreate(
  { ttl, healthcheck }: Pick<CreateInput, 'ttl' | 'healthcheck'>,
  { id, name }: { readonly id: string; readonly name: string },
): Effect {
  return { created: { id: shortId(id), name, ttl, hasHealthCheck: healthcheck?.test !== undefined } };
}
