import { ApiError } from '@podman-api/errors';
import type { Next } from 'koa';
import { basePath, type Context } from '../context.ts';
import { type RateLimiter, rateWindowSeconds } from '../rate-limit.ts';

/** Returns 429 to callers beyond their limit, and sets the `RateLimit` headers (draft-ietf-httpapi-ratelimit-headers-10). */
export function rateLimit(limiter: RateLimiter, limit: number) {
  return async (ctx: Context, next: Next): Promise<void> => {
    const rate = ctx.path === `${basePath}/health` ? undefined : await limiter.count(ctx.state.token?.name ?? 'all');
    if (rate) {
      ctx.set('RateLimit-Policy', `"default";q=${limit};w=${rateWindowSeconds}`);
      ctx.set('RateLimit', `"default";r=${rate.remaining};t=${rate.resetSeconds}`);
      if (!rate.isAllowed) {
        ctx.state.retryAfter = rate.resetSeconds;
        throw new ApiError(
          'RateLimitError',
          `Too many requests: RATE_LIMIT allows ${limit} a minute; try again in ${rate.resetSeconds} s.`,
        );
      }
    }
    await next();
  };
}
