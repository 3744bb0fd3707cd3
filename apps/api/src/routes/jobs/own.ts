import { ApiError } from '@podman-api/errors';
import type { JobView } from '@podman-api/jobs';
import type { Context } from '../../context.ts';
import { lacks, may } from '../../request/scope.ts';

/**
 * A job that a request may see: those that were asked for with its own token, and with the scope `jobs` all.
 * @throws ApiError (404) where there is none, (403) where it is another's
 */
export function ownJob(ctx: Pick<Context, 'state'>, id: string, job: JobView | undefined): JobView {
  if (!job) throw new ApiError('NotFoundError', `There is no job ${id}, or none any more.`);
  if (job.token !== ctx.state.token?.name && !may(ctx, 'jobs')) throw lacks(ctx, 'jobs');
  return job;
}
