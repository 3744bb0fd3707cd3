import { ApiError } from '@podman-api/errors';
import type { ClientParts } from '../client/client.ts';
import type { Asker } from '../client/new-job.ts';
import { claimName, type NameClaim } from './claim-name.ts';
import { type Entry, isClaim } from './entry.ts';
import { giveBackIfStale } from './stale.ts';

/** Who has a name may have changed twice while it is looked at; a third time it is in use. */
const mostTries = 3;

/**
 * Claims a name in the whole fleet for the container that a job is to make.
 * @returns why it can't be had: a 409
 */
export async function ownName(parts: ClientParts, claim: NameClaim, asker: Asker): Promise<ApiError | undefined> {
  for (let tried = 1; ; tried += 1) {
    const holder = await claimName(parts.redis, claim);
    if (!holder) return undefined;
    const gone = isClaim(holder) ? await giveBackIfStale(parts, holder) : !(await parts.confirm(holder, asker));
    if (!gone || tried === mostTries) return inUse(holder);
  }
}

/** The 409 of a create whose name somebody has. */
export function inUse(holder: Entry): ApiError {
  const { name, node, id } = holder;
  const by = isClaim(holder) ? `a container that is being made on the node ${node}` : `the container ${id} on the node ${node}`;
  return new ApiError('ConflictError', `The name ${name} is in use by ${by}: choose another, or remove the container that has it.`);
}
