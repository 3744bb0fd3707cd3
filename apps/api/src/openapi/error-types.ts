import type { ErrorType } from '@podman-api/errors';

/** Descriptions of the types of errors, each with an example of its message. */
export const errorTypeDocs: Readonly<Record<ErrorType, { readonly about: string; readonly message: string }>> = {
  ValidationError: {
    about: 'The request is not JSON, or a field is missing, unknown or invalid',
    message: 'name is required.',
  },
  UnauthorizedError: {
    about: 'The token is missing or invalid',
    message: 'The token is unknown, revoked or expired: create another with "npm run token".',
  },
  ForbiddenError: {
    about: 'The token lacks a scope, or the policy of the host forbids the request',
    message: 'The token ci lacks the scope exec, which this request needs: create another token with it.',
  },
  NotFoundError: {
    about: 'There is no such container, image, job, node, file or route',
    message: 'There is no container web.',
  },
  MethodNotAllowedError: {
    about: 'The route does not have this method; `Allow` lists those it has',
    message: 'PUT is not allowed here; allowed: HEAD, GET.',
  },
  TimeoutError: {
    about: 'The wait ended before the job, or the job reached its time limit',
    message: 'The job did not end in time. It continues (running): read its result at /api/v1/jobs/local_019b8e2c4a105f3d9c0e7a6b8d21.',
  },
  ConflictError: {
    about: 'The name is in use, the container is not running, the user exists already, or the job was cancelled',
    message: 'The name web is in use: choose another, or remove the container that has it.',
  },
  PayloadTooLargeError: {
    about: 'The body is larger than MAX_BODY or MAX_UPLOAD',
    message: 'The body is larger than the limit of 10485760 bytes (MAX_BODY): send a smaller body.',
  },
  UnsupportedMediaTypeError: {
    about: 'The body is not JSON in UTF-8',
    message: 'Send the body as uncompressed JSON in UTF-8: "Content-Type: application/json".',
  },
  RangeError: {
    about: 'The requested range is outside the file',
    message: 'The requested range is outside the file, which has 15 bytes: request another range.',
  },
  IdempotencyError: {
    about: 'The key was sent with another request',
    message: 'The Idempotency-Key was used for another request; use a new key for a new request.',
  },
  RateLimitError: {
    about: 'More requests than RATE_LIMIT allows',
    message: 'Too many requests: RATE_LIMIT allows 600 a minute; try again in 12 s.',
  },
  PodmanAPIError: {
    about: 'Podman failed, or the outcome is unknown',
    message: 'crun: executable file `nginx` not found.',
  },
  InternalError: {
    about: 'A fault of the service or its set-up; the message or the log has the cause',
    message: 'An internal error occurred; see the log of the service for the cause.',
  },
  ServiceUnavailableError: {
    about: 'Redis or the worker is unavailable, the worker is older than the API, podman does not work there, or the queue is full',
    message: 'No worker is alive on the node local; start one there with "npm run worker".',
  },
};
