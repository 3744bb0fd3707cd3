import { ApiError, type ErrorDetail } from '@podman-api/errors';
import type { Task } from '../operation.ts';
import type { Policy } from './policy.ts';

/**
 * Lets a checked input pass if the policy does.
 * @throws ApiError (403) that lists all that is refused, each with the variable that says so
 */
export function allow<Input extends object>(operation: Task<Input>, input: Input, policy: Policy): void {
  const details = operation.refusals?.(input, policy) ?? [];
  if (details.length > 0) throw forbidden(details);
}

/** A 403 that lists what is refused. */
export function forbidden(details: readonly ErrorDetail[]): ApiError {
  const sentences = details.map(({ message }) => message).join('; ');
  return new ApiError('ForbiddenError', `${sentences}.`, { details });
}
