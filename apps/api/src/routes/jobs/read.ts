import Joi from 'joi';
import type { RouteContext } from '../../context.ts';
import type { AppParts } from '../../parts.ts';
import { readQuery } from '../../request/query.ts';
import { startWait } from '../../request/wait.ts';
import { respond } from '../../response/success.ts';
import { authorizeJob } from './authorize-job.ts';
import { presentJob } from './present.ts';

interface ReadQuery {
  /** Seconds. */
  readonly wait?: number;
}

/** Returns the schema of the query. */
export const readJobQuery = (maxWaitSeconds: number) =>
  Joi.object<ReadQuery>({
    wait: Joi.number()
      .integer()
      .min(0)
      .max(maxWaitSeconds)
      .description('Longest time to wait for the end of the job, in seconds, up to `MAX_WAIT`. Default: 0.'),
  });

/** Handles `GET /jobs/:id`: a job and, if it has ended, its result; `?wait=` waits for its end. */
export function readJob({ jobs, config, stopping }: AppParts) {
  const schema = readJobQuery(config.MAX_WAIT);
  return async (ctx: RouteContext): Promise<void> => {
    const { id = '' } = ctx.params;
    const { wait = 0 } = readQuery(ctx, schema);
    const now = authorizeJob(ctx, id, await jobs.read(id));
    const job = wait === 0 || now.outcome ? now : await jobs.await(id, startWait(ctx, wait, stopping));
    respond(ctx, 200, 'job', presentJob(authorizeJob(ctx, id, job)));
  };
}
