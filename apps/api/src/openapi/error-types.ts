import type { ErrorType } from '@podman-api/errors';

/** Of each type of error: when it is answered, and a message of it. */
export const toldOf: Readonly<Record<ErrorType, { readonly about: string; readonly message: string }>> = {
  ValidationError: {
    about: 'The request is no JSON, or a field is missing, unknown or invalid',
    message: 'name is required.',
  },
  UnauthorizedError: {
    about: 'There is no token, or a wrong one',
    message: 'The token is not known, was revoked or has expired.',
  },
  ForbiddenError: {
    about: 'The token lacks a scope, or the policy of the host forbids it',
    message: 'The token ci may not do this: it needs the scope exec.',
  },
  NotFoundError: {
    about: 'There is no such container, image, job, node or route',
    message: 'There is no container web.',
  },
  MethodNotAllowedError: {
    about: 'The route has other methods, which Allow names',
    message: 'PUT is not allowed here; allowed: HEAD, GET.',
  },
  TimeoutError: {
    about: 'The wait, or the time that a job may run, was over first',
    message:
      'The job did not end in time; it goes on (running), and its result can be read at /api/v1/jobs/local_019b8e2c4a105f3d9c0e7a6b8d21.',
  },
  ConflictError: {
    about: 'The name is in use, the container does not run, the user is there already, or the job was cancelled',
    message: 'The name web is in use: choose another, or remove the container that has it.',
  },
  PayloadTooLargeError: {
    about: 'The body is larger than MAX_BODY',
    message: 'The body is larger than 10485760 bytes, which MAX_BODY allows.',
  },
  UnsupportedMediaTypeError: {
    about: 'The body is no JSON in UTF-8',
    message: 'Send the body as JSON in UTF-8, not compressed: "Content-Type: application/json".',
  },
  IdempotencyError: {
    about: 'The key was sent with another request',
    message: 'The Idempotency-Key was used for another request; use a new key for a new request.',
  },
  RateLimitError: {
    about: 'More requests than RATE_LIMIT allows',
    message: 'Too many requests: RATE_LIMIT allows 600 a minute; go on in 12 s.',
  },
  PodmanAPIError: {
    about: 'Podman failed for a reason of its own, or nobody saw the outcome',
    message: 'crun: executable file `nginx` not found.',
  },
  InternalError: {
    about: 'A fault of ours; the log has the cause',
    message: 'Something went wrong on our side; the log has the cause.',
  },
  ServiceUnavailableError: {
    about: 'Redis or the worker is away, podman does not work there, or the queue is full',
    message: 'No worker is alive on the node local; start one there with "npm run worker".',
  },
};
