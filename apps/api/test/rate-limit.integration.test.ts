import { once } from 'node:events';
import { createServer } from 'node:http';
import { readConfig } from '@podman-api/runtime';
import { startRedis } from '@podman-api/testing';
import { collectGarbage } from '@podman-api/testing/garbage';
import Koa from 'koa';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { rateLimit } from '../src/middleware/rate-limit.ts';
import { createRateLimiter, type RateLimiter } from '../src/rate-limit.ts';

const limit = 10;

describe('rateLimit', () => {
  let redis: Awaited<ReturnType<typeof startRedis>>;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());
  afterEach(() => void vi.useRealTimers());

  async function startLimiter(): Promise<RateLimiter> {
    const limiter = await createRateLimiter(readConfig({ REDIS_URL: redis.url, ...redis.env }, ['REDIS_URL']).REDIS_URL, limit);
    onTestFinished(() => limiter.close());
    await limiter.ready;
    return limiter;
  }

  it('estimates only while more than half of the limit is left, whichever process has counted', async () => {
    const [one, other] = [await startLimiter(), await startLimiter()];
    expect(one.estimate('a')).toBeUndefined();
    for (const remaining of [9, 8, 7]) {
      expect(await one.count('a')).toMatchObject({ isAllowed: true, remaining });
      expect(one.estimate('a')).toMatchObject({ isAllowed: true, remaining: remaining - 1 });
    }
    // A request that is being counted is taken off already.
    const counted = one.count('a');
    expect(one.estimate('a')).toMatchObject({ remaining: 5 });
    await counted;
    expect(one.estimate('b')).toBeUndefined();
    expect(await other.count('a', 2)).toMatchObject({ remaining: 4 });
    expect(other.estimate('a')).toBeUndefined();
    expect(await other.count('a', 5)).toMatchObject({ isAllowed: false, remaining: 0 });
  });

  it('keeps nothing of a caller that does not come back', async () => {
    const limiter = await startLimiter();
    vi.useFakeTimers({ toFake: ['performance'] });
    const countOnce = async (caller: string) => {
      const rate = await limiter.count(caller);
      return rate && new WeakRef(rate);
    };
    const removed = await countOnce('removed');
    vi.advanceTimersByTime(1001);
    const present = await countOnce('present');
    await collectGarbage();
    expect(present?.deref()).toBeDefined();
    expect(removed?.deref()).toBeUndefined();
    expect(limiter.estimate('present')).toBeDefined();
  });

  it('does not wait for Redis far from the limit, and still reports exactly how many requests are left', async () => {
    const limiter = await startLimiter();
    const gate = Promise.withResolvers<void>();
    const slow: RateLimiter = { ...limiter, count: (...all) => Promise.all([limiter.count(...all), gate.promise]).then(([rate]) => rate) };
    // An estimate expires after a second.
    vi.useFakeTimers({ toFake: ['performance'] });
    await limiter.count('all');
    const app = new Koa();
    app.use(rateLimit({ limiter: slow, limit }));
    app.use(ctx => {
      ctx.body = 'ran';
      gate.resolve();
    });
    const server = createServer(app.callback()).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const response = await fetch(`http://127.0.0.1:${port}/`);
    expect(await response.text()).toBe('ran');
    expect(response.headers.get('RateLimit')).toMatch(/^"default";r=8;t=\d+$/);
  });
});
