import { bucketBoundsSeconds } from '@podman-api/stats';
import type { Next } from 'koa';
import { Counter, Histogram, type Registry } from 'prom-client';
import { type KoaContext, routeOf } from '../context.ts';
import { processMetrics } from './declared.ts';

/** Methods with their own label value; others must not create series. */
const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS']);

/** Counts all requests by route pattern, because paths would create unlimited series. */
export function countRequests(registry: Registry) {
  const requests = new Counter({ ...processMetrics.requests, registers: [registry] });
  const durations = new Histogram({ ...processMetrics.durations, buckets: [...bucketBoundsSeconds], registers: [registry] });
  return async (ctx: KoaContext, next: Next): Promise<void> => {
    const startedAtMs = performance.now();
    try {
      await next();
    } finally {
      const method = methods.has(ctx.method) ? ctx.method : 'other';
      const route = routeOf(ctx) ?? 'none';
      requests.inc({ method, route, status: ctx.status });
      durations.observe({ method, route }, (performance.now() - startedAtMs) / 1000);
    }
  };
}
