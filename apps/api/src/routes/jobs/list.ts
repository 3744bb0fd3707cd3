import { type JobStatus, jobStatuses } from '@podman-api/jobs';
import { boundedText } from '@podman-api/operations';
import Joi from 'joi';
import type { RouteContext } from '../../context.ts';
import type { AppParts } from '../../parts.ts';
import { readQuery } from '../../request/query.ts';
import { may } from '../../request/scope.ts';
import { presentListed } from './present.ts';

interface ListQuery {
  readonly status?: JobStatus;
  readonly operation?: string;
  readonly container?: string;
  readonly node?: string;
  readonly limit?: number;
  readonly cursor?: string;
}

const word = () => boundedText(255);

/** What may stand in its query. */
export const listQuery = Joi.object<ListQuery>({
  status: Joi.string().valid(...jobStatuses),
  operation: word().description('Such as `container.exec`.'),
  container: word(),
  node: word(),
  limit: Joi.number().integer().min(1).max(500).description('50 unless told.'),
  cursor: word().description('The `cursor` of the page before.'),
});

/** `GET /jobs`: those that the caller may see, the newest first, and a cursor where there may be more. */
export function listJobs({ jobs }: AppParts) {
  return async (ctx: RouteContext): Promise<void> => {
    const { limit = 50, cursor, ...filter } = readQuery(ctx, listQuery);
    const own = may(ctx, 'jobs') ? {} : { token: ctx.state.token?.name ?? '' };
    const page = await jobs.list({ ...filter, ...own }, limit, cursor);
    ctx.body = {
      success: true,
      jobs: page.jobs.map(presentListed),
      cursor: page.cursor ?? null,
      timestamp: new Date().toISOString(),
    };
  };
}
