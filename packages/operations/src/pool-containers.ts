import { ApiError } from '@podman-api/errors';

/** Fields that a caller gave to a container of a pool. They are recorded on its host, because podman cannot change labels. */
export interface ContainerClaim {
  /** The container's full id. */
  readonly id: string;
  /** The job that has claimed it. */
  readonly job: string;
  /** The public name. */
  readonly name: string;
  /** The name that it was created with. Responses replace it by `name`. */
  readonly formerName: string;
  /** Whether podman has renamed the container to `name` already; a background task does it. */
  readonly isNamed: boolean;
  /** Labels in addition to those of the pool's specification, including this service's own. */
  readonly labels: Readonly<Record<string, string>>;
  /** When it is removed by force, in ms since 1970; `null` if never. */
  readonly expiresAtMs: number | null;
}

/** Request of a job for a container of a pool. */
export interface ClaimRequest extends Pick<ContainerClaim, 'job' | 'labels' | 'expiresAtMs'> {
  readonly pool: string;
  /** Containers of another specification are not taken. */
  readonly revision: string;
  /** The public name; default: the container's own. */
  readonly name: string | undefined;
}

/** The containers of a node that pools keep ready, and those that were claimed. All workers of the node share them. */
export interface PoolContainers {
  /**
   * Takes an idle container. Each is taken at most once, also after crashes and power losses.
   * @returns `undefined` if none is idle
   */
  claim(request: ClaimRequest): Promise<ContainerClaim | undefined>;
  /** Returns the claim of a container by its short id; `undefined` for any other container. */
  get(id: string): ContainerClaim | undefined;
  /** Returns the claim that a job has made. */
  findByJob(job: string): ContainerClaim | undefined;
  /** Returns the claim with a public name that podman does not have yet. */
  findUnnamed(name: string): ContainerClaim | undefined;
  /**
   * Gives a claimed container its public name in podman now.
   * @returns the name that podman has for it: another one if the public name is in use on this host
   * @throws ApiError (500) if podman could not; the signal's reason if it is aborted
   */
  giveName(claim: ContainerClaim, signal: AbortSignal): Promise<string>;
  /** Returns the pool of an idle container; `undefined` for any other. @param reference its name, or the beginning of its id */
  poolOf(reference: string): string | undefined;
}

/** Dependencies for resolving the name of a container. */
interface NameContext {
  readonly pools: Pick<PoolContainers, 'findUnnamed' | 'giveName' | 'poolOf'>;
  readonly signal: AbortSignal;
}

/**
 * Returns the name by which podman knows a container now. One that was claimed gets its public name first.
 * @param reference its name, or the beginning of its id
 * @throws ApiError as `giveName`
 */
export async function nameInPodman({ pools, signal }: NameContext, reference: string): Promise<string> {
  const claim = pools.findUnnamed(reference);
  return claim ? pools.giveName(claim, signal) : reference;
}

/** @throws ApiError (409) for an idle container of a pool, which must not be changed */
export function rejectIdle({ pools }: Pick<NameContext, 'pools'>, reference: string): void {
  const pool = pools.poolOf(reference);
  if (pool === undefined) return;
  const message = `The container ${reference} is kept ready by the pool ${pool}: claim one with POST /containers {"pool": "${pool}"}, or change the pool.`;
  throw new ApiError('ConflictError', message);
}
