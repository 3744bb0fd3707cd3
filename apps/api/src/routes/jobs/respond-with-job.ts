import { jobUrl, type RouteContext } from '../../context.ts';
import type { AppParts } from '../../parts.ts';
import { respond } from '../../response/success.ts';
import { presentJob } from './present.ts';

/** Responds with 202 and a job that continues to run. */
export async function respondWithJob(ctx: RouteContext, { jobs }: Pick<AppParts, 'jobs'>, id: string): Promise<void> {
  const job = await jobs.read(id);
  ctx.set('Location', jobUrl(id));
  respond(ctx, 202, 'job', job ? presentJob(job) : { id, url: jobUrl(id) });
}
