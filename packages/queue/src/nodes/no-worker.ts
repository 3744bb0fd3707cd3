import { ApiError } from '@podman-api/errors';

/** The 503 for a node that has no worker. */
export function noWorker(node: string): ApiError {
  return new ApiError('ServiceUnavailableError', `No worker is alive on the node ${node}; start one there with "npm run worker".`);
}

/** The 503 for a fleet that has no nodes. */
export function noNodes(): ApiError {
  return new ApiError('ServiceUnavailableError', 'There is no node yet: start a worker on a host with podman ("npm run worker").');
}
