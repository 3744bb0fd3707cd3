import Joi from 'joi';
import { answer } from '../../answer/success.ts';
import type { RouteContext } from '../../context.ts';
import type { AppParts } from '../../parts.ts';
import { readQuery } from '../../request/query.ts';
import { beginWait } from '../../request/wait.ts';
import { ownJob } from './own.ts';
import { presentJob } from './present.ts';

interface ReadQuery {
  /** Seconds. */
  readonly wait?: number;
}

/** What may stand in its query. @param longest the longest wait, in seconds */
export const readJobQuery = (longest: number) =>
  Joi.object<ReadQuery>({
    wait: Joi.number().integer().min(0).max(longest).description('Seconds to wait for its end, up to `MAX_WAIT`.'),
  });

/** `GET /jobs/:id`: a job and, where it has ended, its result; `?wait=` waits for that. */
export function readJob({ jobs, config, stopping }: AppParts) {
  const schema = readJobQuery(config.MAX_WAIT);
  return async (ctx: RouteContext): Promise<void> => {
    const { id = '' } = ctx.params;
    const { wait = 0 } = readQuery(ctx, schema);
    const now = ownJob(ctx, id, await jobs.read(id));
    const job = wait === 0 || now.outcome ? now : await jobs.await(id, beginWait(ctx, wait, stopping));
    answer(ctx, 200, 'job', presentJob(ownJob(ctx, id, job)));
  };
}
