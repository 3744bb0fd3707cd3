import type { Container, NodeDirectory, NodeEntries } from '@podman-api/cluster';
import { waitAtMost } from '@podman-api/runtime';

/** Limit for reading the directory from Redis. */
const readTimeoutMs = 1000;

/** Reads this node's entries in the directory. @returns `undefined` while Redis is unavailable */
export function readEntries(directory: NodeDirectory): Promise<NodeEntries | undefined> {
  return waitAtMost(
    readTimeoutMs,
    directory.read().catch(() => undefined),
  );
}

/**
 * Updates the directory to the containers that podman has listed.
 * @param entries the entries from before podman started to list; entries that were added since then are not changed
 */
export async function reconcile(
  directory: NodeDirectory,
  { containers, reservations }: NodeEntries,
  listed: ReadonlyMap<string, Container>,
): Promise<void> {
  const hasSameName = (one: Container, other: Container | undefined) => other?.name === one.name;
  const gone = [...containers.values()].filter(container => !hasSameName(container, listed.get(container.id)));
  const added = [...listed.values()].filter(container => !hasSameName(container, containers.get(container.id)));
  await Promise.all(gone.map(container => directory.remove(container)));
  await Promise.all(added.map(container => directory.put(container)));
  for (const reservation of reservations) await directory.releaseIfStale(reservation);
}
