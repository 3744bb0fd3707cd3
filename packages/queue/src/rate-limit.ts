import type { RedisAddress } from '@podman-api/runtime';
import { RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { hastyRedis, type RedisClient } from './redis.ts';

/** How long a window is, in seconds. */
export const rateWindow = 60;

/** What is left of a caller's requests in the present window. */
export interface Rate {
  /** Whether this one is within the limit. */
  readonly allowed: boolean;
  readonly left: number;
  /** Until the next window, in seconds. */
  readonly reset: number;
}

/** Counts callers' requests, all API processes together. */
export interface RateLimiter {
  /** Counts one; nothing is known while Redis is away, and nobody held up. */
  count(caller: string): Promise<Rate | undefined>;
  /** Resolves once Redis can be reached or has refused: requests before would not be counted. */
  readonly ready: Promise<unknown>;
  close(): void;
}

/** @param limit requests a window */
export function createRateLimiter(redisAddress: RedisAddress, limit: number): RateLimiter {
  const redis: RedisClient = hastyRedis(redisAddress);
  const ready = new Promise<unknown>(resolve => redis.once('ready', resolve).once('close', resolve));
  const limiter = new RateLimiterRedis({
    storeClient: redis,
    keyPrefix: 'podman-api:rate',
    points: limit,
    duration: rateWindow,
    // One who is over the limit costs Redis nothing more until the next window.
    inMemoryBlockOnConsumed: limit + 1,
  });
  return {
    ready,
    async count(caller) {
      try {
        return rateOf(await limiter.consume(caller), true);
      } catch (rejected) {
        return rejected instanceof RateLimiterRes ? rateOf(rejected, false) : undefined;
      }
    },
    close: () => redis.disconnect(),
  };
}

function rateOf({ remainingPoints, msBeforeNext }: RateLimiterRes, allowed: boolean): Rate {
  return { allowed, left: Math.max(remainingPoints, 0), reset: Math.ceil(msBeforeNext / 1000) };
}
