import { type JobStatus, jobStatuses } from '@podman-api/jobs';
import { boundedText } from '@podman-api/operations';
import Joi from 'joi';
import type { RouteContext } from '../../context.ts';
import type { AppParts } from '../../parts.ts';
import { readQuery } from '../../request/query.ts';
import { hasScope } from '../../request/scope.ts';
import { presentListed } from './present.ts';

interface ListQuery {
  readonly status?: JobStatus;
  readonly operation?: string;
  readonly container?: string;
  readonly node?: string;
  readonly limit?: number;
  readonly cursor?: string;
}

const filterText = () => boundedText(255);

/** Schema of the query. */
export const listQuery = Joi.object<ListQuery>({
  status: Joi.string().valid(...jobStatuses),
  operation: filterText().description('For example `container.exec`.'),
  container: filterText(),
  node: filterText(),
  limit: Joi.number().integer().min(1).max(500).description('Default: 50.'),
  cursor: filterText().description('The `cursor` of the previous page.'),
});

/** Handles `GET /jobs`: the jobs that the caller can see, newest first, and a cursor if there may be more. */
export function listJobs({ jobs }: AppParts) {
  return async (ctx: RouteContext): Promise<void> => {
    const { limit = 50, cursor, ...filter } = readQuery(ctx, listQuery);
    const own = hasScope(ctx, 'jobs') ? {} : { token: ctx.state.token?.name ?? '' };
    const page = await jobs.list({ ...filter, ...own }, limit, cursor);
    ctx.body = {
      success: true,
      jobs: page.jobs.map(presentListed),
      cursor: page.cursor ?? null,
      timestamp: new Date().toISOString(),
    };
  };
}
