import { ApiError, type ErrorFields } from './api-error.ts';
import type { ErrorType } from './types.ts';

/** Error types for the outcomes of jobs that neither succeeded nor failed. */
const typeByOutcome = { cancelled: 'ConflictError', timed_out: 'TimeoutError', unknown: 'PodmanAPIError' } as const satisfies Record<
  string,
  ErrorType
>;

/** Error of a job that was cancelled, reached its time limit, or has an unknown outcome. */
export class JobOutcomeError extends ApiError {
  readonly outcome: keyof typeof typeByOutcome;

  constructor(outcome: keyof typeof typeByOutcome, message: string, fields: ErrorFields = {}, options?: ErrorOptions) {
    super(typeByOutcome[outcome], message, fields, options);
    this.outcome = outcome;
  }

  override withFields(fields: ErrorFields): JobOutcomeError {
    return new JobOutcomeError(this.outcome, this.message, { ...this.fields, ...fields }, { cause: this.cause });
  }
}
