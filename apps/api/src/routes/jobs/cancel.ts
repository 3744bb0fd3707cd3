import { ApiError } from '@podman-api/errors';
import { jobUrl, type RouteContext } from '../../context.ts';
import type { AppParts } from '../../parts.ts';
import { recordChange } from '../../request/record-change.ts';
import { startWait } from '../../request/wait.ts';
import { respond } from '../../response/success.ts';
import { authorizeJob } from './authorize-job.ts';
import { presentJob } from './present.ts';

/**
 * Handles `DELETE /jobs/:id`: cancels a job. A queued job never runs. The processes of a running job are ended in the
 * container; responds with 202 if that takes longer than the wait.
 */
export function cancelJob({ jobs, config, audit, stopping }: AppParts) {
  return async (ctx: RouteContext): Promise<void> => {
    const { id = '' } = ctx.params;
    const before = authorizeJob(ctx, id, await jobs.read(id));
    if (before.outcome) throw alreadyEndedError(id, before.status);
    await jobs.cancel(id);
    const { operation, container, node } = before;
    recordChange(ctx, audit, { operation: 'job.cancel', outcome: 'requested', job: id, subject: operation, container, node });
    const job = authorizeJob(ctx, id, await jobs.await(id, startWait(ctx, config.REQUEST_TIMEOUT, stopping)));
    if (job.outcome && job.status !== 'cancelled') throw alreadyEndedError(id, job.status);
    respond(ctx, job.outcome ? 200 : 202, 'job', presentJob(job));
  };
}

function alreadyEndedError(id: string, status: string): ApiError {
  return new ApiError('ConflictError', `The job ${id} has already ended (${status}): there is nothing to cancel.`, {
    job: { id, status, url: jobUrl(id) },
  });
}
