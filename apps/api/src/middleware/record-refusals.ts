import { ApiError } from '@podman-api/errors';
import type { AuditLog } from '@podman-api/runtime';
import type { Next } from 'koa';
import type { RouteContext } from '../context.ts';
import { recordChange } from '../request/record-change.ts';

/**
 * Records refused changes in the audit log. Refusals by a worker are recorded by the worker.
 * @param isChange default: every method except GET changes something
 */
export function recordRefusals(operation: string, audit: AuditLog, isChange?: boolean) {
  return async (ctx: RouteContext, next: Next): Promise<void> => {
    try {
      await next();
    } catch (error) {
      const isRefused = error instanceof ApiError && error.type === 'ForbiddenError' && ctx.state.jobId === undefined;
      if (isRefused && (isChange ?? ctx.method !== 'GET')) {
        const { name: container = null, id: job } = ctx.params;
        recordChange(ctx, audit, { operation, outcome: 'refused', container, ...(job !== undefined && { job }) });
      }
      throw error;
    }
  };
}
