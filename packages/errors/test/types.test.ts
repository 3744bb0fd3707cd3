import { describe, expect, it } from 'vitest';
import { ApiError, type ErrorType, errorTypes, isErrorType, JobOutcomeError, toApiError } from '../src/index.ts';

describe('error types', () => {
  it('have the statuses of the contract', () => {
    const statuses: Record<ErrorType, number> = {
      ValidationError: 400,
      UnauthorizedError: 401,
      ForbiddenError: 403,
      NotFoundError: 404,
      MethodNotAllowedError: 405,
      TimeoutError: 408,
      ConflictError: 409,
      PayloadTooLargeError: 413,
      UnsupportedMediaTypeError: 415,
      RangeError: 416,
      IdempotencyError: 422,
      RateLimitError: 429,
      PodmanAPIError: 500,
      InternalError: 500,
      ServiceUnavailableError: 503,
    };
    expect(Object.fromEntries(Object.entries(errorTypes).map(([type, { status }]) => [type, status]))).toEqual(statuses);
  });

  it('survive serialization as JSON', () => {
    const error = new ApiError('ConflictError', 'in use', { details: [{ path: 'name', message: 'in use' }] });
    const back = ApiError.fromJSON(JSON.parse(JSON.stringify(error)));
    expect(back).toMatchObject({ type: 'ConflictError', status: 409, message: 'in use', fields: error.fields });
    expect(back.toJSON()).toEqual(error.toJSON());
  });

  it('do not show a cause', () => {
    const error = toApiError(new Error('connect /secret/path'));
    expect(error).toMatchObject({ type: 'InternalError', status: 500, cause: expect.any(Error) });
    expect(JSON.stringify(error)).not.toContain('secret');
  });

  it('keep an unknown outcome when fields are added', () => {
    expect(new JobOutcomeError('unknown', 'Outcome unknown.').withFields({ podman: 'x' })).toMatchObject({
      outcome: 'unknown',
      type: 'PodmanAPIError',
    });
  });

  it('do not include names that all objects have', () => {
    expect(['constructor', '__proto__', 'toString', 1, undefined].map(isErrorType)).toEqual([false, false, false, false, false]);
  });
});
