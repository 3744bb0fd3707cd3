import { ApiError } from '@podman-api/errors';
import type { Next } from 'koa';
import { basePath, type KoaContext } from '../context.ts';
import { type Rate, type RateLimiter, rateWindowSeconds } from '../rate-limit.ts';

/** The limit on requests. */
export interface RequestRate {
  readonly limiter: RateLimiter;
  /** Requests in a window. */
  readonly limit: number;
}

/**
 * Returns 429 to callers beyond their limit, and sets the `RateLimit` headers (draft-ietf-httpapi-ratelimit-headers-10). A caller
 * that is far from the limit does not wait until its request is counted, which saves a round trip to Redis.
 */
export function rateLimit(rate: RequestRate) {
  return async (ctx: KoaContext, next: Next): Promise<void> => {
    if (ctx.path === `${basePath}/health`) return next();
    const caller = callerOf(ctx);
    const estimate = rate.limiter.estimate(caller);
    const counted = rate.limiter.count(caller);
    applyLimit(ctx, rate, estimate ?? (await counted));
    await next();
    // A route that has counted more has set the headers itself.
    if (estimate && ctx.state.remainingRequests === estimate.remaining) setHeaders(ctx, rate, await counted);
  };
}

/**
 * Counts a request as several requests of its caller, such as one for each run of a batch.
 * @throws ApiError (429) if these are more than the caller has left; they are not counted then
 */
export async function countExtraRequests(ctx: KoaContext, rate: RequestRate, requests: number): Promise<void> {
  const { remainingRequests, rateResetSeconds = rateWindowSeconds } = ctx.state;
  if (requests === 0 || remainingRequests === undefined) return;
  if (requests > remainingRequests) {
    const message = `The request counts as ${requests + 1} requests: RATE_LIMIT allows ${rate.limit} a minute; send fewer, or try again in ${rateResetSeconds} s.`;
    ctx.state.retryAfterSeconds = rateResetSeconds;
    throw new ApiError('RateLimitError', message);
  }
  applyLimit(ctx, rate, await rate.limiter.count(callerOf(ctx), requests));
}

function callerOf({ state }: KoaContext): string {
  return state.token?.name ?? 'all';
}

/** @throws ApiError (429) if the request is beyond the limit */
function applyLimit(ctx: KoaContext, requestRate: RequestRate, rate: Rate | undefined): void {
  if (!rate) return;
  const { limit } = requestRate;
  setHeaders(ctx, requestRate, rate);
  ctx.state.remainingRequests = rate.remaining;
  ctx.state.rateResetSeconds = rate.resetSeconds;
  if (rate.isAllowed) return;
  ctx.state.retryAfterSeconds = rate.resetSeconds;
  throw new ApiError('RateLimitError', `Too many requests: RATE_LIMIT allows ${limit} a minute; try again in ${rate.resetSeconds} s.`);
}

function setHeaders(ctx: KoaContext, { limit }: RequestRate, rate: Rate | undefined): void {
  if (!rate) return;
  ctx.set('RateLimit-Policy', `"default";q=${limit};w=${rateWindowSeconds}`);
  ctx.set('RateLimit', `"default";r=${rate.remaining};t=${rate.resetSeconds}`);
}
