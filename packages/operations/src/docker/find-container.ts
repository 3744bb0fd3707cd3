import type { Podman } from '@podman-api/podman';
import { checkReference } from '../container/lookup/check-reference.ts';
import { noContainerError } from '../container/lookup/find-entry.ts';
import { type InspectEntry, readEntry } from '../container/lookup/inspect-entry.ts';
import { publicNameOf } from '../container/lookup/ps.ts';
import { readMembership } from '../container/pool-membership.ts';
import type { TaskContext } from '../operation.ts';
import { shortId } from '../short-id.ts';

/**
 * Returns podman's data about a container, with the name and labels that were given to one that was claimed from a pool.
 * @param name its name, or the beginning of its id
 * @throws ApiError (404) if there is no such container, or it is an idle one of a pool, which Docker's clients never see
 */
export async function findContainer(podman: Podman, name: string, { pools, signal }: TaskContext): Promise<InspectEntry> {
  const unnamed = pools.findUnnamed(name);
  if (!unnamed) await checkReference(podman, name, false);
  const entry = await readEntry(podman, unnamed?.id ?? name, signal);
  const claim = pools.get(shortId(entry.Id));
  const labels = { ...entry.Config.Labels, ...claim?.labels };
  if (readMembership(labels)) throw noContainerError(name);
  return claim ? { ...entry, Name: publicNameOf(claim, entry.Name), Config: { ...entry.Config, Labels: labels } } : entry;
}
