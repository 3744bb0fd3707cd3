import { ApiError } from '@podman-api/errors';

/** Creates the 503 for a fleet without nodes. */
export function noNodesError(): ApiError {
  return new ApiError('ServiceUnavailableError', 'There is no node yet: start a worker on a host with podman ("npm run worker").');
}

/** Creates the 404 for a node that does not exist. */
export function unknownNodeError(name: string): ApiError {
  return new ApiError('NotFoundError', `There is no node ${name}: GET /nodes lists all nodes.`);
}
