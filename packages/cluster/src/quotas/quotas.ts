import { ApiError } from '@podman-api/errors';

/** Limits of a token in the whole fleet; a quota that is `undefined` is unlimited. */
export interface Quotas {
  /** Containers, running and stopped. */
  readonly max_containers?: number | undefined;
  /** Bytes: the sum of `memory` of all containers. */
  readonly max_memory?: number | undefined;
  /** The sum of `cpus` of all containers, counted in hundredths. */
  readonly max_cpus?: number | undefined;
  /** Jobs that have not ended, queued ones included. Reads and waits do not count. */
  readonly max_running_jobs?: number | undefined;
}

/** Resources of one container that count against the quotas of its token. */
export interface Resources {
  /** Bytes; 0 if the container has no limit. */
  readonly memory: number;
  /** 0 if the container has no limit. */
  readonly cpus: number;
}

/**
 * The part of a token's quotas that a container takes. It is reserved before the job that creates the container is
 * submitted, and released when the container is removed, or when the job ends without one. Its id is that of the job, which
 * the container has as a label.
 */
export interface Allocation extends Resources {
  /** The id of the job that creates the container. */
  readonly job: string;
  /** The name of the token. */
  readonly token: string;
}

/** Current use of a token's quotas. */
export interface QuotaUsage extends Resources {
  readonly containers: number;
  readonly running_jobs: number;
}

/** Formats the resources of an allocation for Redis: bytes, and hundredths of a CPU, so that sums are exact. */
export function formatResources({ memory, cpus }: Resources): string {
  return `${memory} ${toHundredths(cpus)}`;
}

/** Parses what `formatResources` has written. */
export function parseResources(text: string): Resources {
  const [memory = 0, hundredths = 0] = text.split(' ').map(Number);
  return { memory, cpus: hundredths / 100 };
}

/** Converts CPUs to hundredths, rounded up: podman counts in hundredths too. */
function toHundredths(cpus: number): number {
  // Without `toFixed`, 0.07 × 100 is a little more than 7.
  return Math.ceil(Number((cpus * 100).toFixed(6)));
}

/** A quota that does not allow a request, and its use now. */
export interface ExceededQuota {
  readonly quota: keyof Quotas;
  /** In the unit of the quota; CPUs in hundredths. */
  readonly used: number;
}

/** Creates the 403 for a request that a quota does not allow. */
export function quotaExceededError(token: string, quotas: Quotas, { memory, cpus }: Resources, { quota, used }: ExceededQuota): ApiError {
  const limit = `The quota ${quota}=${quotas[quota]} of the token ${token}`;
  if (quota === 'max_containers')
    return new ApiError('ForbiddenError', `${limit} is used up: the token has ${used} containers. Remove one, or ask for a larger quota.`);
  if (quota === 'max_running_jobs')
    return new ApiError('ForbiddenError', `${limit} is used up: ${used} jobs have not ended. Send the request again when one has.`);
  const field = quota === 'max_memory' ? 'memory' : 'cpus';
  const [wanted, inUse] = quota === 'max_memory' ? [`${memory} bytes`, `${used} bytes`] : [`${cpus} CPUs`, `${used / 100} CPUs`];
  const message = `${limit} does not allow ${wanted} more: ${inUse} are in use. Ask for less ${field}, or remove a container.`;
  return new ApiError('ForbiddenError', message, { details: [{ path: field, message }] });
}
