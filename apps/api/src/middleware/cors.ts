import koaCors from '@koa/cors';
import type { Middleware } from 'koa';
import type { State } from '../context.ts';

/** Request headers in addition to those that every page may send. */
const allowHeaders = [
  'Authorization',
  'Content-Type',
  'Idempotency-Key',
  'Prefer',
  'Last-Event-ID',
  'X-Request-Id',
  'traceparent',
  'tracestate',
];
/** Response headers in addition to those that every page may read. */
const exposeHeaders = [
  'Location',
  'Retry-After',
  'X-Request-Id',
  'Preference-Applied',
  'RateLimit',
  'RateLimit-Policy',
  'RateLimit-Limit',
  'RateLimit-Remaining',
  'RateLimit-Reset',
];
/** Time for which a browser may cache a preflight response; Chromium's maximum. */
const maxAgeSeconds = 7200;

/** Lets pages of the named origins use the API, and answers their preflights. */
export function cors(origins: readonly string[]): Middleware<State> {
  return koaCors({
    origin: ctx => (origins.includes(ctx.get('Origin')) ? ctx.get('Origin') : ''),
    allowMethods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowHeaders,
    exposeHeaders,
    maxAge: maxAgeSeconds,
  });
}
