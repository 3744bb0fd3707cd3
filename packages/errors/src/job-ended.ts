import { ApiError, type ErrorFields } from './api-error.ts';
import type { ErrorType } from './types.ts';

/** How each way to end that is neither success nor failure is told to a caller who waits. */
const types = { cancelled: 'ConflictError', timed_out: 'TimeoutError', unknown: 'PodmanAPIError' } as const satisfies Record<
  string,
  ErrorType
>;

/** Why a job ended before it came to an end of its own, or why nobody knows whether it did. */
export class JobEnded extends ApiError {
  readonly outcome: keyof typeof types;

  constructor(outcome: keyof typeof types, message: string, fields: ErrorFields = {}, options?: ErrorOptions) {
    super(types[outcome], message, fields, options);
    this.outcome = outcome;
  }

  override with(fields: ErrorFields): JobEnded {
    return new JobEnded(this.outcome, this.message, { ...this.fields, ...fields }, { cause: this.cause });
  }
}
