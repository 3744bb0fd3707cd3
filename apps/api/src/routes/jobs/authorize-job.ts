import { ApiError } from '@podman-api/errors';
import type { JobView } from '@podman-api/jobs';
import type { KoaContext } from '../../context.ts';
import { hasScope, missingScope } from '../../request/scope.ts';

/**
 * Returns a job if the request may see it: jobs of the same token, and with the scope `jobs` all.
 * @throws ApiError (404) if there is no such job, (403) if it belongs to another token
 */
export function authorizeJob(ctx: Pick<KoaContext, 'state'>, id: string, job: JobView | undefined): JobView {
  if (!job) throw new ApiError('NotFoundError', `There is no job ${id}: the id is wrong, or the job has expired (RESULT_TTL).`);
  if (job.token !== ctx.state.token?.name && !hasScope(ctx, 'jobs')) throw missingScope(ctx, 'jobs');
  return job;
}
