import { ApiError } from '@podman-api/errors';
import type { PodmanHost } from './spawn.ts';

/**
 * Whether podman runs its commands on another machine (podman-remote(1)), whose files and processes this one does not have. Podman
 * does so if the variable is set, even to the empty string.
 */
export function isRemotePodman({ env }: Pick<PodmanHost, 'env'>): boolean {
  return env['CONTAINER_HOST'] !== undefined;
}

/** Returns the error of a request for what only a local podman can do. @param what such as `Terminals can be opened` */
export function remotePodmanError(what: string): ApiError {
  return new ApiError('PodmanAPIError', `${what} only by a worker on podman's own host: run the worker there, without CONTAINER_HOST.`);
}
