import { ApiError } from '@podman-api/errors';
import { placeOf } from '../names.ts';
import type { ClientParts } from './client.ts';
import { takeBack } from './take-back.ts';
import { withdraw } from './withdraw.ts';

/**
 * After each look at the workers, withdraws the jobs that nobody will take: those whose node has lost its last
 * worker, which their callers hear at once, and those that may or may not have been added when Redis went away.
 */
export function keepHouse(parts: ClientParts): void {
  const { directory, leftovers, waiter } = parts;
  directory.onLook(() => {
    if (!directory.fresh) return;
    for (const id of waiter.waiting) {
      const node = placeOf(id)?.node;
      if (node !== undefined && !directory.takes(node)) giveUp(parts, id, node);
    }
    for (const id of leftovers) takeBack(parts, id);
  });
}

function giveUp(parts: ClientParts, id: string, node: string): void {
  const error = noWorker(node).toJSON();
  withdraw(parts, id).then(
    outcome => outcome && parts.waiter.settle(id, { ...outcome, error: outcome.error ?? error }),
    () => {},
  );
}

/** The 503 for a node that has no worker. */
export function noWorker(node: string): ApiError {
  return new ApiError('ServiceUnavailableError', `No worker is alive on the node ${node}; start one there with "npm run worker".`);
}
