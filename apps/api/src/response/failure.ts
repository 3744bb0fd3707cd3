import type { ApiError } from '@podman-api/errors';
import type { Log } from '@podman-api/runtime';
import type { KoaContext } from '../context.ts';
import { isBoard } from '../pages/board/path.ts';

/** Seconds of `Retry-After` for errors that are temporary, if no others are known. */
const defaultRetryAfterSeconds = 2;

/** Logs an error of the API itself with its cause, and a temporary one (503) as a warning. */
export function logError({ state }: KoaContext, log: Log, error: ApiError): void {
  const fields = { err: error.cause, request_id: state.requestId, job: state.jobId };
  if (error.status === 503) log.warn(fields, error.message);
  else if (error.status === 500) log.error(fields, error.message);
}

/** Sets what the response to an error has in every format: its status, and `Retry-After` if it is temporary. */
export function setErrorStatus(ctx: KoaContext, error: ApiError): void {
  ctx.status = error.status;
  ctx.state.errorType = error.type;
  if (error.isRetryable) ctx.set('Retry-After', String(ctx.state.retryAfterSeconds ?? defaultRetryAfterSeconds));
}

/**
 * Sends an error in the API's format.
 * @param debug whether the response may contain podman's error message
 */
export function respondWithError(ctx: KoaContext, error: ApiError, debug: boolean): void {
  const { podman, ...body } = error.toJSON();
  const { jobId } = ctx.state;
  setErrorStatus(ctx, error);
  if (error.type === 'TimeoutError') {
    // Client libraries retry a 408 by themselves, which would run the job a second time.
    ctx.set('x-should-retry', 'false');
    if (error.fields.job?.url !== undefined) ctx.set('Location', error.fields.job.url);
  }
  ctx.body = {
    success: false,
    error: { ...body, ...(debug && podman && error.status >= 500 && { podman }) },
    ...(jobId !== undefined && { job_id: jobId }),
    // The page of the queue board shows this field.
    ...(isBoard(ctx.url) && { message: error.message }),
    timestamp: new Date().toISOString(),
  };
}
