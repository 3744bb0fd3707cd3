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

/** Optional parts of the error of a job whose outcome was not observed. */
interface UnknownOutcomeOptions {
  /** A sentence that says what the caller can do. */
  readonly advice?: string;
  readonly cause?: unknown;
}

/** Returns the error of a job whose outcome was not observed. @param why a clause without a full stop */
export function unknownOutcomeError(why: string, { advice, cause }: UnknownOutcomeOptions = {}): JobOutcomeError {
  const message = `The outcome is unknown: ${why}.${advice === undefined ? '' : ` ${advice}`}`;
  return new JobOutcomeError('unknown', message, {}, { cause });
}

/**
 * Undoes the effects of a failed step. The caller then throws the error of that step.
 * @param why a clause without a full stop, for the case that `undo` fails
 * @throws JobOutcomeError (unknown) if `undo` fails
 */
export async function undoOrThrowUnknown(undo: () => Promise<void>, why: string): Promise<void> {
  try {
    await undo();
  } catch (cause) {
    throw unknownOutcomeError(why, { cause });
  }
}
