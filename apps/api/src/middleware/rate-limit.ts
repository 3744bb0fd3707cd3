import { ApiError } from '@podman-api/errors';
import { type RateLimiter, rateWindow } from '@podman-api/queue';
import type { Next } from 'koa';
import { basePath, type Context } from '../context.ts';

/** Holds up callers who ask too often, and tells all how much they have left (draft-ietf-httpapi-ratelimit-headers-10). */
export function rateLimit(limiter: RateLimiter, limit: number) {
  return async (ctx: Context, next: Next): Promise<void> => {
    const rate = ctx.path === `${basePath}/health` ? undefined : await limiter.count(ctx.state.token?.name ?? 'all');
    if (rate) {
      ctx.set('RateLimit-Policy', `"default";q=${limit};w=${rateWindow}`);
      ctx.set('RateLimit', `"default";r=${rate.left};t=${rate.reset}`);
      if (!rate.allowed) {
        ctx.state.retryAfter = rate.reset;
        throw new ApiError('RateLimitError', `Too many requests: RATE_LIMIT allows ${limit} a minute; go on in ${rate.reset} s.`);
      }
    }
    await next();
  };
}
