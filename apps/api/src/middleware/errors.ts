import { ApiError, toApiError } from '@podman-api/errors';
import type { Log } from '@podman-api/runtime';
import type { Next } from 'koa';
import type { KoaContext } from '../context.ts';
import { logError, respondWithError } from '../response/failure.ts';

/** Responds to every failure in the error format. Logs errors of the API itself with their cause, and temporary ones (503) as warnings. */
export function errors(log: Log, debug: boolean) {
  return async (ctx: KoaContext, next: Next): Promise<void> => {
    try {
      await next();
      const failure = routingError(ctx);
      if (failure) throw failure;
    } catch (thrown) {
      const error = toApiError(thrown);
      logError(ctx, log, error);
      respondWithError(ctx, error, debug);
    }
  };
}

/** Returns the error for a request that the router did not handle: no such route, or not with this method. */
function routingError(ctx: KoaContext): ApiError | undefined {
  if (ctx.status === 405 || ctx.status === 501) {
    return new ApiError('MethodNotAllowedError', `${ctx.method} is not allowed here; allowed: ${ctx.response.get('Allow')}.`);
  }
  return ctx.status === 404 ? new ApiError('NotFoundError', `There is no route ${ctx.path}.`) : undefined;
}
