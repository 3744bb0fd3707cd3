import { ApiError, type ErrorDetail } from '@podman-api/errors';
import type { Policy } from './policy.ts';

/** The part of a task that the policy concerns. */
interface RestrictedTask<Input extends object> {
  refusals?(input: Input, policy: Policy): readonly ErrorDetail[];
}

/**
 * Accepts a validated input if the policy allows it.
 * @throws ApiError (403) that lists all that is refused, each with the variable that forbids it
 */
export function enforcePolicy<Input extends object>(task: RestrictedTask<Input>, input: Input, policy: Policy): void {
  const details = task.refusals?.(input, policy) ?? [];
  if (details.length > 0) throw forbiddenError(details);
}

/** Returns a 403 that lists what is refused. */
export function forbiddenError(details: readonly ErrorDetail[]): ApiError {
  const sentences = details.map(({ message }) => message).join('; ');
  return new ApiError('ForbiddenError', `${sentences}.`, { details });
}
