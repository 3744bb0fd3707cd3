import { ApiError } from '@podman-api/errors';
import type { EquivalentQuery, Podman } from '@podman-api/podman';

/**
 * After this many failures the cause is not a concurrent change. While two loops created and removed containers, a third of
 * the runs of `podman network ls --filter=dangling=true` failed (measured with podman 4.3): "container ID does not exist in database".
 */
const maxAttempts = 10;

/**
 * Lists networks, volumes, images or containers. Podman fails if a resource that it reads, such as a volume or a container that uses
 * one, is removed at that moment; then it runs again.
 * @param query queries podman's service first; default: runs the command
 * @throws ApiError if podman fails repeatedly, or cannot be started
 */
export async function listResources(
  podman: Podman,
  args: readonly string[],
  signal: AbortSignal,
  query?: EquivalentQuery,
): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await podman.run(args, { signal, ...(query && attempt === 1 && { query }) });
    } catch (error) {
      const isRepeatable = error instanceof ApiError && error.type !== 'ServiceUnavailableError' && !signal.aborted;
      if (!isRepeatable || attempt === maxAttempts) throw error;
    }
  }
}

/**
 * Returns the names of the containers that use a network or a volume, running and stopped.
 * @param query see `listResources`
 * @throws ApiError as `listResources`
 */
export async function listUsers(
  podman: Podman,
  kind: 'network' | 'volume',
  name: string,
  signal: AbortSignal,
  query?: EquivalentQuery,
): Promise<readonly string[]> {
  const users = await listResources(podman, ['ps', '--all', `--filter=${kind}=${name}`, '--format={{.Names}}'], signal, query);
  return users.split('\n').filter(Boolean);
}
