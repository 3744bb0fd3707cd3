import type { Allocation, ContainerIdentity, NodeAllocations, NodeDirectory, NodeEntries } from '@podman-api/cluster';
import type { KnownContainer } from '@podman-api/operations';
import { waitAtMost } from '@podman-api/runtime';

/** Time limit for reading the directory from Redis. */
const readTimeoutMs = 1000;

/** Redis's data about the containers of this node. */
export interface NodeIndexes {
  readonly directory: NodeDirectory;
  readonly allocations: NodeAllocations;
}

/** Reads this node's entries in the directory. @returns `undefined` while Redis is unavailable */
export function readEntries(directory: NodeDirectory): Promise<NodeEntries | undefined> {
  return waitAtMost(
    readTimeoutMs,
    directory.read().catch(() => undefined),
  );
}

/** Reads the allocations of this node's containers. @returns `undefined` while Redis is unavailable */
export function readAllocations(allocations: NodeAllocations): Promise<ReadonlyMap<string, Allocation> | undefined> {
  return waitAtMost(
    readTimeoutMs,
    allocations.read().catch(() => undefined),
  );
}

/**
 * Updates the directory to the containers that podman has listed.
 * @param entries the entries from before podman started to list; entries that were added since then are not changed
 */
export async function reconcile(
  directory: NodeDirectory,
  { containers, reservations }: NodeEntries,
  listed: ReadonlyMap<string, ContainerIdentity>,
): Promise<void> {
  const hasSameName = (one: ContainerIdentity, other: ContainerIdentity | undefined) => other?.name === one.name;
  const gone = [...containers.values()].filter(container => !hasSameName(container, listed.get(container.id)));
  const added = [...listed.values()].filter(container => !hasSameName(container, containers.get(container.id)));
  await Promise.all(gone.map(container => directory.remove(container)));
  await Promise.all(added.map(container => directory.put(container)));
  for (const reservation of reservations) await directory.releaseIfStale(reservation);
}

/**
 * Updates the allocations to the containers that podman has listed.
 * @param before the allocations from before podman started to list
 */
export async function reconcileAllocations(
  allocations: NodeAllocations,
  before: ReadonlyMap<string, Allocation>,
  listed: Iterable<KnownContainer>,
): Promise<void> {
  const existing = new Map([...listed].flatMap(({ allocation }) => (allocation ? [[allocation.job, allocation] as const] : [])));
  for (const job of before.keys()) if (!existing.has(job)) await allocations.releaseIfStale(job);
  await Promise.all([...existing.values()].filter(({ job }) => !before.has(job)).map(allocation => allocations.put(allocation)));
}
