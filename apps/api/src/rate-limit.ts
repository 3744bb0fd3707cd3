import { createFailFastClient } from '@podman-api/redis';
import type { RedisAddress } from '@podman-api/runtime';
import { RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';

/** Length of a window. */
export const rateWindowSeconds = 60;

/** A caller's remaining requests in the current window. */
export interface Rate {
  /** Whether this request is within the limit. */
  readonly isAllowed: boolean;
  readonly remaining: number;
  /** Time until the next window. */
  readonly resetSeconds: number;
}

/** Counts the requests of callers over all API processes. */
export interface RateLimiter {
  /** Counts requests; `undefined` while Redis is unavailable, when requests are not limited. @param requests default: 1 */
  count(caller: string, requests?: number): Promise<Rate | undefined>;
  /** Resolves once Redis is connected or has refused: requests before would not be counted. */
  readonly ready: Promise<unknown>;
  close(): void;
}

/** @param limit requests in a window */
export function createRateLimiter(redisAddress: RedisAddress, limit: number): RateLimiter {
  const redis = createFailFastClient(redisAddress);
  const ready = new Promise<unknown>(resolve => redis.once('ready', resolve).once('close', resolve));
  const limiter = new RateLimiterRedis({
    storeClient: redis,
    keyPrefix: 'podman-api:rate',
    points: limit,
    duration: rateWindowSeconds,
    // A caller beyond the limit costs Redis nothing more until the next window.
    inMemoryBlockOnConsumed: limit + 1,
  });
  return {
    ready,
    async count(caller, requests = 1) {
      try {
        return rateOf(await limiter.consume(caller, requests), true);
      } catch (rejected) {
        return rejected instanceof RateLimiterRes ? rateOf(rejected, false) : undefined;
      }
    },
    close: () => redis.disconnect(),
  };
}

function rateOf({ remainingPoints, msBeforeNext }: RateLimiterRes, isAllowed: boolean): Rate {
  return { isAllowed, remaining: Math.max(remainingPoints, 0), resetSeconds: Math.ceil(msBeforeNext / 1000) };
}
