/**
 * Closed list of error types (`error.type`), with their HTTP statuses. `isRetryable`: the same request may succeed later, and
 * the response has `Retry-After`.
 */
export const errorTypes = {
  ValidationError: { status: 400, isRetryable: false },
  UnauthorizedError: { status: 401, isRetryable: false },
  ForbiddenError: { status: 403, isRetryable: false },
  NotFoundError: { status: 404, isRetryable: false },
  MethodNotAllowedError: { status: 405, isRetryable: false },
  TimeoutError: { status: 408, isRetryable: false },
  ConflictError: { status: 409, isRetryable: false },
  PayloadTooLargeError: { status: 413, isRetryable: false },
  UnsupportedMediaTypeError: { status: 415, isRetryable: false },
  RangeError: { status: 416, isRetryable: false },
  IdempotencyError: { status: 422, isRetryable: false },
  RateLimitError: { status: 429, isRetryable: true },
  PodmanAPIError: { status: 500, isRetryable: false },
  InternalError: { status: 500, isRetryable: false },
  ServiceUnavailableError: { status: 503, isRetryable: true },
} as const satisfies Record<string, { status: number; isRetryable: boolean }>;

/** Value of `error.type`. */
export type ErrorType = keyof typeof errorTypes;

/** Returns whether a value is an error type. */
export function isErrorType(value: unknown): value is ErrorType {
  return typeof value === 'string' && Object.hasOwn(errorTypes, value);
}
