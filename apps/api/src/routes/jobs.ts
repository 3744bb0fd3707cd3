import { ApiError } from '@podman-api/errors';
import { answer } from '../answer/success.ts';
import type { AppParts } from '../app.ts';
import type { RouteContext } from '../context.ts';

/** `GET /jobs/:id`: a job and, where it has ended, its result. */
export function readJob({ queue }: AppParts) {
  return async (ctx: RouteContext): Promise<void> => {
    const { id = '' } = ctx.params;
    const job = await queue.view(id);
    if (!job) throw new ApiError('NotFoundError', `There is no job ${id}, or none any more.`);
    answer(ctx, 200, 'job', job);
  };
}
