import { ApiError } from '@podman-api/errors';
import type { PsEntry } from './ps.ts';

/**
 * Finds the container that podman means by a name, an id or the beginning of an id.
 * @throws ApiError (404) if there is none, (409) if several ids begin like this
 */
export function findEntry(entries: readonly PsEntry[], reference: string): PsEntry {
  const named = entries.find(({ Names }) => Names.includes(reference));
  if (named) return named;
  const [entry, ...others] = entries.filter(({ Id }) => Id.startsWith(reference));
  if (!entry) throw noContainerError(reference);
  if (others.length === 0) return entry;
  throw new ApiError('ConflictError', `Several containers have an id that begins with ${reference}: give more digits of it.`);
}

/** Creates the 404 for a container that does not exist. */
export function noContainerError(reference: string): ApiError {
  return new ApiError('NotFoundError', `There is no container ${reference}.`);
}
