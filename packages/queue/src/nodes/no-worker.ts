import { ApiError } from '@podman-api/errors';

/** The 503 for a node that has no worker. */
export function noWorker(node: string): ApiError {
  return new ApiError('ServiceUnavailableError', `No worker is alive on the node ${node}; start one there with "npm run worker".`);
}
