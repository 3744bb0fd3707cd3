import { setTimeout as delay } from 'node:timers/promises';
import type { Container, Shelf, Shelved } from '@podman-api/queue';

/** How long Redis may take to tell what the directory holds, in ms. */
const patience = 1000;

/** What the directory holds of this node; nothing while Redis is away. */
export async function readShelf(shelf: Shelf): Promise<Shelved | undefined> {
  const enough = new AbortController();
  const late = delay(patience, undefined, { signal: enough.signal }).catch(() => undefined);
  try {
    return await Promise.race([shelf.read().catch(() => undefined), late]);
  } finally {
    enough.abort();
  }
}

/**
 * Makes the directory hold what podman has listed.
 * @param shelved what it held before podman began to list: what has been added since is not touched
 */
export async function reconcile(shelf: Shelf, { containers, claims }: Shelved, listed: ReadonlyMap<string, Container>): Promise<void> {
  const same = (one: Container, other: Container | undefined) => other?.name === one.name;
  const gone = [...containers.values()].filter(container => !same(container, listed.get(container.id)));
  const added = [...listed.values()].filter(container => !same(container, containers.get(container.id)));
  await Promise.all(gone.map(container => shelf.drop(container)));
  await Promise.all(added.map(container => shelf.put(container)));
  for (const claim of claims) await shelf.giveBackIfStale(claim);
}
