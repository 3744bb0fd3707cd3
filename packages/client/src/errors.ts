import type { components } from '../generated/api.d.ts';

/** The `error` of an answer or a job. */
export type ErrorBody = components['schemas']['JobError'];

/** An error that the API told, or that a job ended with. */
export class ApiError extends Error {
  /** From the API's closed list, such as `NotFoundError`. */
  readonly type: ErrorBody['type'];
  readonly status: number;
  readonly body: ErrorBody;
  /** When the request may be sent again, in seconds, where the API said so. */
  readonly retryAfter: number | undefined;

  constructor(body: ErrorBody, retryAfter?: number) {
    super(body.message);
    this.name = body.type;
    this.type = body.type;
    this.status = body.code;
    this.body = body;
    this.retryAfter = retryAfter;
  }

  /** The job that the error is about. */
  get job(): ErrorBody['job'] {
    return this.body.job;
  }
}

/** Nobody answered, or not the API. */
export class UnreachableError extends Error {
  /** Whether it may be otherwise in a moment. */
  readonly retry: boolean;

  constructor(message: string, retry: boolean, options?: ErrorOptions) {
    super(message, options);
    this.name = 'UnreachableError';
    this.retry = retry;
  }
}
