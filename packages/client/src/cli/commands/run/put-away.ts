import type { Client } from '../../../client.ts';
import { ApiError } from '../../../errors.ts';
import type { CreatedContainer } from '../../../types.ts';
import type { Context } from '../../context.ts';
import { lineOf } from '../../failure.ts';

/**
 * Removes a container, or stops it. A message on stderr says if this failed; the exit code stays as it is.
 * @param remove whether it is removed; otherwise it is stopped
 * @returns whether the container existed
 */
export async function putAway(
  { id, name }: Pick<CreatedContainer, 'id' | 'name'>,
  remove: boolean,
  { api, progress, tell }: Context,
): Promise<boolean> {
  progress.show(`${remove ? 'removing' : 'stopping'} ${name}`);
  try {
    await (remove ? api.containers.remove(id, { force: true }) : api.containers.stop(id, { timeout: 0 }));
  } catch (error) {
    if (error instanceof ApiError && (isNotFound(error) || (await isGone(id, api)))) return false;
    tell(`${name} is left: ${lineOf(error)} Remove it with: podman-api rm --force ${name}`);
  } finally {
    progress.clear();
  }
  return true;
}

/** A container that is just being removed makes podman fail in several ways; this finds out. */
function isGone(id: string, { containers }: Client): Promise<boolean> {
  return containers.inspect(id).then(() => false, isNotFound);
}

function isNotFound(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404;
}
