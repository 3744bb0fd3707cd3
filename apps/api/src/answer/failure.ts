import type { ApiError } from '@podman-api/errors';
import type { Context } from '../context.ts';
import { isBoard } from '../pages/board/path.ts';

/** When to send a request again that failed for want of something that will come back, in seconds. */
const retryAfter = 2;

/**
 * Answers with an error.
 * @param debug whether podman's own words may be shown
 */
export function answerError(ctx: Context, error: ApiError, debug: boolean): void {
  const { podman, ...body } = error.toJSON();
  const { jobId } = ctx.state;
  ctx.status = error.status;
  ctx.state.errorType = error.type;
  if (error.retry) ctx.set('Retry-After', String(ctx.state.retryAfter ?? retryAfter));
  if (error.type === 'TimeoutError') {
    // Client libraries retry a 408 by themselves, which would run the job a second time.
    ctx.set('x-should-retry', 'false');
    if (error.fields.job?.url !== undefined) ctx.set('Location', error.fields.job.url);
  }
  ctx.body = {
    success: false,
    error: { ...body, ...(debug && podman && error.status >= 500 && { podman }) },
    ...(jobId !== undefined && { job_id: jobId }),
    // Where the board's page looks for the words that it shows.
    ...(isBoard(ctx.url) && { message: error.message }),
    timestamp: new Date().toISOString(),
  };
}
