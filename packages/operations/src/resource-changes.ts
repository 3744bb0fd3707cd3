import { JobOutcomeError } from '@podman-api/errors';
import type { Podman } from '@podman-api/podman';
import { failedFor } from './container/failed-for.ts';
import type { TaskContext } from './operation.ts';
import type { RemovedResource } from './schemas/removed-resource.ts';

type ResourceKind = 'network' | 'volume';

/** Time limit for removing a resource whose create has failed. */
const rollbackTimeoutMs = 60_000;

/**
 * Removes networks or volumes one after another. Those that a container has begun to use are kept, and those that no longer
 * exist are left out.
 */
export async function removeUnused(
  podman: Podman,
  kind: ResourceKind,
  names: readonly string[],
  { node, signal }: Pick<TaskContext, 'node' | 'signal'>,
): Promise<readonly RemovedResource[]> {
  const removed: RemovedResource[] = [];
  for (const name of names) {
    try {
      await podman.run([kind, 'rm', '--', name], { signal });
      removed.push({ name, removed: true, node });
    } catch (error) {
      if (!failedFor(`${kind}-in-use`, error) && !failedFor(`no-${kind}`, error)) throw error;
    }
  }
  return removed;
}

/**
 * Reads a network or a volume that was just created, and removes it again if it cannot be read, such as after a cancellation.
 * @throws what `read` throws; JobOutcomeError (unknown) if the resource could not be removed
 */
export async function readCreatedResource<Details>(
  podman: Podman,
  kind: ResourceKind,
  name: string,
  read: () => Promise<Details>,
): Promise<Details> {
  try {
    return await read();
  } catch (error) {
    await removeCreatedResource(podman, kind, name);
    throw error;
  }
}

/**
 * Removes a network or a volume that was just created, also after a cancellation. Does nothing if it was removed already.
 * @throws JobOutcomeError (unknown) if that fails
 */
export async function removeCreatedResource(podman: Podman, kind: ResourceKind, name: string): Promise<void> {
  await podman.run([kind, 'rm', '--', name], { signal: AbortSignal.timeout(rollbackTimeoutMs) }).catch(cause => {
    if (failedFor(`no-${kind}`, cause)) return;
    throw new JobOutcomeError(
      'unknown',
      `The ${kind} ${name} was created, and could not be removed after an error: remove it.`,
      {},
      { cause },
    );
  });
}
