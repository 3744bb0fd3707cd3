import type { ClientParts } from './client.ts';
import { withdraw } from './withdraw.ts';

/**
 * Withdraws a job that may or may not have been added when Redis ceased to answer: nobody waits for it, so it must
 * not run. The first try goes down the same connection at once, right behind the job itself where that is still on
 * its way; what fails is tried again when Redis is back, see `keepHouse`.
 */
export function takeBack(parts: ClientParts, id: string): void {
  parts.leftovers.add(id);
  withdraw(parts, id).then(
    () => parts.leftovers.delete(id),
    () => {},
  );
}
