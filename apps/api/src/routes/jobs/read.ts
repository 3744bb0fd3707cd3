import { ApiError } from '@podman-api/errors';
import Joi from 'joi';
import { answer } from '../../answer/success.ts';
import type { AppParts } from '../../app.ts';
import type { RouteContext } from '../../context.ts';
import { readQuery } from '../../request/query.ts';
import { beginWait } from '../../request/wait.ts';
import { presentJob } from './present.ts';

interface ReadQuery {
  /** Seconds. */
  readonly wait?: number;
}

/** `GET /jobs/:id`: a job and, where it has ended, its result; `?wait=` waits for that. */
export function readJob({ queue, config, stopping }: AppParts) {
  const schema = Joi.object<ReadQuery>({ wait: Joi.number().integer().min(0).max(config.MAX_WAIT) });
  return async (ctx: RouteContext): Promise<void> => {
    const { id = '' } = ctx.params;
    const { wait = 0 } = readQuery(ctx, schema);
    const job = wait === 0 ? await queue.view(id) : await queue.await(id, beginWait(ctx, wait, stopping));
    if (!job) throw noJob(id);
    answer(ctx, 200, 'job', presentJob(job));
  };
}

/** The 404 of a job. */
export function noJob(id: string): ApiError {
  return new ApiError('NotFoundError', `There is no job ${id}, or none any more.`);
}
