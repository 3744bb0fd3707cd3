import type { Podman } from '@podman-api/podman';
import type { ContainerState } from '../../container-feed.ts';
import type { PoolContainers } from '../../pool-containers.ts';
import { shortId } from '../../short-id.ts';
import { type ContainerAllocation, readAllocation } from '../allocation.ts';
import { isShortened, type PsEntry, readContainers, toState, withClaims } from '../lookup/ps.ts';
import { type PoolMembership, readMembership } from '../pool-membership.ts';
import { jobLabel } from '../service-labels.ts';
import { readImageTtls } from './image-ttl.ts';
import { labelledExpiry } from './ttl.ts';

/** Properties of a container that a worker needs to find it, to check its health, and to remove it when its ttl has expired. */
export interface KnownContainer extends ContainerState {
  /** The first 12 characters. */
  readonly id: string;
  readonly name: string;
  /** When it is removed according to its label, in ms since 1970; `undefined` if it has no ttl. */
  readonly expiresAtMs: number | undefined;
  /**
   * When it exited, in ms since 1970, if this service created it to be removed then (`--rm`). Podman removes it shortly after; see
   * `removeExpired` for what happens if it does not.
   */
  readonly autoRemoveSinceMs?: number | undefined;
  /** Its allocation from the quotas of the token that created it; `undefined` if it was created without a token. */
  readonly allocation: ContainerAllocation | undefined;
  /** Whether its labels, command or ports are too large for a list. */
  readonly isShortened: boolean;
  /** Whether podman lists a health for it, or the create that made it had a health check. */
  readonly hasHealthCheck: boolean;
  /** Only for a container that a pool keeps ready, or is about to remove. */
  readonly idle?: IdleContainer | undefined;
}

/** Properties of a container that a pool keeps ready. */
export interface IdleContainer extends PoolMembership {
  /** The full id. */
  readonly fullId: string;
  /** In ms since 1970. */
  readonly createdAtMs: number;
}

/**
 * Returns the properties of all containers of the node that a worker needs.
 * @param pools the containers that were claimed from pools
 * @param isFresh runs podman even if its state has not changed since the last run
 */
export async function readKnownContainers(
  podman: Pick<Podman, 'shared'>,
  pools: Pick<PoolContainers, 'get'>,
  isFresh: boolean,
): Promise<readonly KnownContainer[]> {
  const entries = withClaims(await readContainers(podman, isFresh), pools);
  const imageTtls = await imageTtlsOf(podman, entries);
  return entries.map(entry => ({
    id: shortId(entry.Id),
    name: entry.Names[0] ?? '',
    // Podman prints whole seconds: no container is removed early.
    expiresAtMs: entry.claim
      ? (entry.claim.expiresAtMs ?? undefined)
      : labelledExpiry((entry.Created + 1) * 1000, entry.ServiceLabels, imageTtls.get(entry.ImageID)),
    autoRemoveSinceMs: findAutoRemoveStart(entry),
    allocation: readAllocation(entry.ServiceLabels),
    isShortened: isShortened(entry),
    hasHealthCheck: entry.Health !== '',
    idle: toIdle(entry),
    ...toState(entry),
  }));
}

function findAutoRemoveStart({ AutoRemove, Exited, ExitedAt, ServiceLabels }: PsEntry): number | undefined {
  return AutoRemove && Exited && ServiceLabels[jobLabel] ? ExitedAt * 1000 : undefined;
}

function toIdle({ Id, Created, ServiceLabels }: PsEntry): IdleContainer | undefined {
  const membership = readMembership(ServiceLabels);
  return membership && { ...membership, fullId: Id, createdAtMs: Created * 1000 };
}

/** Returns the ttl labels of the images of listed containers, see `readImageTtls`. */
export function imageTtlsOf(podman: Pick<Podman, 'shared'>, entries: readonly PsEntry[]): Promise<ReadonlyMap<string, string>> {
  return readImageTtls(
    podman,
    entries.map(({ ImageID, ServiceLabels }) => ({ imageId: ImageID, labels: ServiceLabels })),
  );
}
