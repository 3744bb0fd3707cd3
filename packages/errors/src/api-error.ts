import { type ErrorType, errorTypes, isErrorType } from './types.ts';

/** One fault of a request: which field, and what to do about it. */
export interface ErrorDetail {
  readonly path: string;
  readonly message: string;
}

/** What an error says beside its message. */
export interface ErrorFields {
  /** All faults of the request, one an entry. */
  readonly details?: readonly ErrorDetail[];
  /** The job that the error is about. */
  readonly job?: { readonly id: string; readonly status?: string; readonly url?: string };
  /** What a command had written before its time was over. */
  readonly execution?: object;
  /** Podman's own words, unabridged; shown only with `DEBUG`. */
  readonly podman?: string;
}

/** An error as it travels in JSON: from the worker to the API, and from the API to the caller. */
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

  /** The HTTP status. */
  get status(): number {
    return errorTypes[this.type].status;
  }

  /** Whether the same request may succeed when it is sent again later. */
  get retry(): boolean {
    return errorTypes[this.type].retry;
  }

  /** The same error with more to say. */
  with(fields: ErrorFields): ApiError {
    return new ApiError(this.type, this.message, { ...this.fields, ...fields }, { cause: this.cause });
  }

  toJSON(): ErrorBody {
    return { message: this.message, code: this.status, type: this.type, ...this.fields };
  }

  /** Reads an error that travelled as JSON. */
  static from({ message, code: _code, type, ...fields }: ErrorBody): ApiError {
    return new ApiError(isErrorType(type) ? type : 'InternalError', message, fields);
  }
}

/** A 400 about one field. */
export function invalid(path: string, message: string): ApiError {
  return new ApiError('ValidationError', message, { details: [{ path, message }] });
}

/** Makes any thrown value an `ApiError`; what is not one already becomes a generic `InternalError`. */
export function asApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  return new ApiError('InternalError', 'Something went wrong on our side; the log has the cause.', {}, { cause: thrown });
}
