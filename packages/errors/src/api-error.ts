import { type ErrorType, errorTypes, isErrorType } from './types.ts';

/** One error in a request: the field, and what to change. */
export interface ErrorDetail {
  readonly path: string;
  readonly message: string;
}

/** Fields of an error besides its message. */
export interface ErrorFields {
  /** All errors in the request. */
  readonly details?: readonly ErrorDetail[];
  /** Job that the error belongs to. */
  readonly job?: { readonly id: string; readonly status?: string; readonly url?: string };
  /** Output of a command that reached its time limit. */
  readonly execution?: object;
  /** Full error message of podman. Sent to callers only with `DEBUG`. */
  readonly podman?: string;
}

/** JSON form of an error, which workers send to the API and the API sends to callers. */
export interface ErrorBody extends ErrorFields {
  readonly message: string;
  readonly code: number;
  readonly type: ErrorType;
}

/** An error whose message may be shown to the caller as it is. */
export class ApiError extends Error {
  readonly type: ErrorType;
  readonly fields: ErrorFields;

  constructor(type: ErrorType, message: string, fields: ErrorFields = {}, options?: ErrorOptions) {
    super(message, options);
    this.name = type;
    this.type = type;
    this.fields = fields;
  }

  /** HTTP status. */
  get status(): number {
    return errorTypes[this.type].status;
  }

  /** Whether the same request may succeed later. */
  get isRetryable(): boolean {
    return errorTypes[this.type].isRetryable;
  }

  /** Returns a copy of the error with additional fields. */
  withFields(fields: ErrorFields): ApiError {
    return new ApiError(this.type, this.message, { ...this.fields, ...fields }, { cause: this.cause });
  }

  toJSON(): ErrorBody {
    return { message: this.message, code: this.status, type: this.type, ...this.fields };
  }

  /** Creates an error from its JSON form. An unknown `type` becomes `InternalError`. */
  static fromJSON({ message, code: _code, type, ...fields }: ErrorBody): ApiError {
    return new ApiError(isErrorType(type) ? type : 'InternalError', message, fields);
  }
}

/** Creates a 400 for one field. */
export function invalidField(path: string, message: string): ApiError {
  return new ApiError('ValidationError', message, { details: [{ path, message }] });
}

/** Returns an `ApiError` unchanged, and an `InternalError` with the cause for any other thrown value. */
export function toApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  return new ApiError('InternalError', 'An internal error occurred; see the log of the service for the cause.', {}, { cause: thrown });
}
