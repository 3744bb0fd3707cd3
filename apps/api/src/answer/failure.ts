import type { ApiError } from '@podman-api/errors';
import type { KoaContext } from '../context.ts';
import { isBoard } from '../pages/board/path.ts';

/** Default of `Retry-After` for errors that are temporary. */
const defaultRetryAfterSeconds = 2;

/**
 * Sends an error in the API's format.
 * @param debug whether the response may contain podman's error message
 */
export function answerError(ctx: KoaContext, error: ApiError, debug: boolean): void {
  const { podman, ...body } = error.toJSON();
  const { jobId } = ctx.state;
  ctx.status = error.status;
  ctx.state.errorType = error.type;
  if (error.isRetryable) ctx.set('Retry-After', String(ctx.state.retryAfterSeconds ?? defaultRetryAfterSeconds));
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
