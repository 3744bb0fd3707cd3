import { ApiError } from '@podman-api/errors';
import { answer } from '../../answer/success.ts';
import { jobUrl, type RouteContext } from '../../context.ts';
import type { AppParts } from '../../parts.ts';
import { noteChange } from '../../request/note-change.ts';
import { beginWait } from '../../request/wait.ts';
import { ownJob } from './own.ts';
import { presentJob } from './present.ts';

/**
 * `DELETE /jobs/:id`: cancels a job. One that has not begun never runs; of one that runs, what it started in its
 * container is ended, which is waited for; 202 where that takes too long.
 */
export function cancelJob({ jobs, config, audit, stopping }: AppParts) {
  return async (ctx: RouteContext): Promise<void> => {
    const { id = '' } = ctx.params;
    const before = ownJob(ctx, id, await jobs.read(id));
    if (before.outcome) throw endedAlready(id, before.status);
    await jobs.cancel(id);
    const { operation, container, node } = before;
    noteChange(ctx, audit, { operation: 'job.cancel', outcome: 'asked', job: id, subject: operation, container, node });
    const job = ownJob(ctx, id, await jobs.await(id, beginWait(ctx, config.REQUEST_TIMEOUT, stopping)));
    if (job.outcome && job.status !== 'cancelled') throw endedAlready(id, job.status);
    answer(ctx, job.outcome ? 200 : 202, 'job', presentJob(job));
  };
}

function endedAlready(id: string, status: string): ApiError {
  return new ApiError('ConflictError', `The job ${id} has ended already (${status}); there is nothing to cancel.`, {
    job: { id, status, url: jobUrl(id) },
  });
}
