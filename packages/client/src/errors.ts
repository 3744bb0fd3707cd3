import type { components } from '../generated/api.d.ts';

/** The `error` of a response or a job. */
export type ErrorBody = components['schemas']['JobError'];

/** An error response of the API, or the error of a job. */
export class ApiError extends Error {
  /** Type of the error, from the API's closed list, such as `NotFoundError`. */
  readonly type: ErrorBody['type'];
  /** HTTP status. */
  readonly status: number;
  readonly body: ErrorBody;
  /** Seconds after which the request may be sent again; `undefined` if the API named none. */
  readonly retryAfterSeconds: number | undefined;

  constructor(body: ErrorBody, retryAfterSeconds?: number) {
    super(body.message);
    this.name = body.type;
    this.type = body.type;
    this.status = body.code;
    this.body = body;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /** The job that the error is about. */
  get job(): ErrorBody['job'] {
    return this.body.job;
  }
}

/** No response, or a response that is not the API's. */
export class UnreachableError extends Error {
  /** Whether a retry may succeed. */
  readonly isRetryable: boolean;

  constructor(message: string, isRetryable: boolean, options?: ErrorOptions) {
    super(message, options);
    this.name = 'UnreachableError';
    this.isRetryable = isRetryable;
  }
}
