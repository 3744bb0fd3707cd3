import type { Resources } from '@podman-api/cluster';
import { ApiError } from '@podman-api/errors';
import { fieldsOf, type Task } from '@podman-api/operations';
import type { Token } from '../tokens/token.ts';

/**
 * Returns the resources of the container that a request creates, which count against the quotas of its token;
 * `undefined` if it creates none.
 *
 * Under `max_memory` a create must name `memory`, and under `max_cpus` `cpus`, as with Kubernetes' ResourceQuota: a container
 * without a limit could use all of the host.
 * An operation that changes these of an existing container is refused, because the change would not be counted.
 * @throws ApiError (403) that names the fields
 */
export function requiredResources(operation: Task, input: object, token: Token | undefined): Resources | undefined {
  if (!token) return undefined;
  const resources = operation.resources?.(input);
  const details = limited.flatMap(({ field, quota }) => {
    const limit = token.quotas?.[quota];
    // An operation without `resources` could only change those of a container that counts already.
    const fault = operation.resources
      ? resources && resources[field] === undefined && 'is required'
      : field in input && 'cannot be changed';
    if (limit === undefined || !fault) return [];
    return [{ path: field, message: `${field} ${fault}, because the token ${token.name} has the quota ${quota}=${limit}` }];
  });
  if (details.length > 0) throw new ApiError('ForbiddenError', `${details.map(({ message }) => message).join('; ')}.`, { details });
  return resources && { memory: resources.memory ?? 0, cpus: resources.cpus ?? 0 };
}

/** The fields of an input that quotas limit. */
const limited = [
  { field: 'memory', quota: 'max_memory' },
  { field: 'cpus', quota: 'max_cpus' },
] as const;

/** Returns an input whose `ttl` is at most the quota `max_ttl` of the token, if the operation has such a field. */
export function withLimitedTtl(operation: Task, input: object, token: Token | undefined): object {
  const maxTtl = token?.quotas?.max_ttl;
  if (maxTtl === undefined || !fieldsOf(operation.input).includes('ttl')) return input;
  const given = 'ttl' in input && typeof input.ttl === 'number' ? input.ttl : maxTtl;
  return { ...input, ttl: Math.min(given, maxTtl) };
}
