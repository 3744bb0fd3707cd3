import { bounds } from '@podman-api/stats';
import type { Next } from 'koa';
import { Counter, Histogram, type Registry } from 'prom-client';
import { type Context, routeOf } from '../context.ts';
import { ofProcess } from './declared.ts';

/** Methods that routes have, and those that are answered for them; whoever asks with another must not make a metric of it. */
const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'DELETE', 'OPTIONS']);

/** Counts requests, whatever comes of them, by the pattern of their route: a path could have any name in it. */
export function countRequests(registry: Registry) {
  const requests = new Counter({ ...ofProcess.requests, registers: [registry] });
  const durations = new Histogram({ ...ofProcess.durations, buckets: [...bounds], registers: [registry] });
  return async (ctx: Context, next: Next): Promise<void> => {
    const begun = performance.now();
    try {
      await next();
    } finally {
      const method = methods.has(ctx.method) ? ctx.method : 'other';
      const route = routeOf(ctx) ?? 'none';
      requests.inc({ method, route, status: ctx.status });
      durations.observe({ method, route }, (performance.now() - begun) / 1000);
    }
  };
}
