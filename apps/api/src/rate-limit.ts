import { createFailFastClient } from '@podman-api/redis';
import { ExpiringMap, type RedisAddress } from '@podman-api/runtime';
import type { RateLimiterRes } from 'rate-limiter-flexible';

/** Length of a window. */
export const rateWindowSeconds = 60;

/** Age up to which the last rate that Redis returned for a caller is used for an estimate. */
const maxEstimateAgeMs = 1000;

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
  /**
   * Returns the requests that a caller will have left after one more, without asking Redis, if the request is certainly
   * within the limit: it was counted less than a second ago and has half of the limit left. `undefined` otherwise.
   */
  estimate(caller: string): Rate | undefined;
  /** Resolves when Redis is connected or has refused the connection. Earlier requests would not be counted. */
  readonly ready: Promise<unknown>;
  close(): void;
}

/** Creates the rate limiter, whose library is loaded only if there is a limit. @param limit requests in a window */
export async function createRateLimiter(redisAddress: RedisAddress, limit: number): Promise<RateLimiter> {
  const { RateLimiterRedis, RateLimiterRes } = await import('rate-limiter-flexible');
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
  /** The last rate that Redis returned, by caller. */
  const lastRates = new ExpiringMap<string, Rate>(maxEstimateAgeMs);
  /** Requests that are being counted. */
  const inFlight = new Map<string, number>();
  const addInFlight = (caller: string, requests: number) => {
    const total = (inFlight.get(caller) ?? 0) + requests;
    if (total > 0) inFlight.set(caller, total);
    else inFlight.delete(caller);
  };
  const consume = async (caller: string, requests: number) => {
    try {
      return rateOf(await limiter.consume(caller, requests), true);
    } catch (rejected) {
      return rejected instanceof RateLimiterRes ? rateOf(rejected, false) : undefined;
    }
  };
  return {
    ready,
    async count(caller, requests = 1) {
      addInFlight(caller, requests);
      const rate = await consume(caller, requests);
      addInFlight(caller, -requests);
      if (rate) lastRates.set(caller, rate);
      else lastRates.delete(caller);
      return rate;
    },
    estimate(caller) {
      const last = lastRates.get(caller);
      if (!last) return undefined;
      const remaining = last.remaining - (inFlight.get(caller) ?? 0) - 1;
      return remaining < limit / 2 ? undefined : { isAllowed: true, remaining, resetSeconds: last.resetSeconds };
    },
    close: () => redis.disconnect(),
  };
}

function rateOf({ remainingPoints, msBeforeNext }: RateLimiterRes, isAllowed: boolean): Rate {
  return { isAllowed, remaining: Math.max(remainingPoints, 0), resetSeconds: Math.ceil(msBeforeNext / 1000) };
}
