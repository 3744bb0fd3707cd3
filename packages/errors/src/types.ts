/**
 * The closed list of error types: what a caller reads in `error.type`, its HTTP status, and whether the
 * same request may succeed when it is sent again later (then the answer carries `Retry-After`).
 */
export const errorTypes = {
  ValidationError: { status: 400, retry: false },
  UnauthorizedError: { status: 401, retry: false },
  ForbiddenError: { status: 403, retry: false },
  NotFoundError: { status: 404, retry: false },
  MethodNotAllowedError: { status: 405, retry: false },
  TimeoutError: { status: 408, retry: false },
  ConflictError: { status: 409, retry: false },
  PayloadTooLargeError: { status: 413, retry: false },
  UnsupportedMediaTypeError: { status: 415, retry: false },
  IdempotencyError: { status: 422, retry: false },
  RateLimitError: { status: 429, retry: true },
  PodmanAPIError: { status: 500, retry: false },
  InternalError: { status: 500, retry: false },
  ServiceUnavailableError: { status: 503, retry: true },
} as const satisfies Record<string, { status: number; retry: boolean }>;

/** A name from the closed list, as it stands in `error.type`. */
export type ErrorType = keyof typeof errorTypes;

/** Tells whether a text is a name from the closed list. */
export function isErrorType(text: unknown): text is ErrorType {
  return typeof text === 'string' && Object.hasOwn(errorTypes, text);
}
