import { ApiError } from '@podman-api/errors';
import type { Next } from 'koa';
import type { KoaContext } from '../context.ts';

/**
 * Refuses a request whose target is neither a path nor a URL that can be read (RFC 9112, section 3.2): Koa throws
 * only when the path is read, which would be answered as an internal error.
 */
export async function readableTarget(ctx: KoaContext, next: Next): Promise<void> {
  if (!isReadable(ctx)) throw new ApiError('ValidationError', "The request's target must be a path, such as /api/v1/health.");
  await next();
}

function isReadable(ctx: KoaContext): boolean {
  try {
    return ctx.path !== undefined;
  } catch {
    return false;
  }
}
