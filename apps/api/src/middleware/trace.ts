import type { Span, Tracing } from '@podman-api/runtime';
import type { Next } from 'koa';
import { type KoaContext, routeOf } from '../context.ts';
import { onResponseEnd } from '../request/response-end.ts';

/**
 * Creates a span for each request, until the last byte of its response, below the caller's span, by the
 * conventions for HTTP (https://opentelemetry.io/docs/specs/semconv/http/http-spans/).
 */
export function trace(tracing: Tracing) {
  return async (ctx: KoaContext, next: Next): Promise<void> => {
    const parent = { traceparent: ctx.get('traceparent'), tracestate: ctx.get('tracestate') };
    const attributes = { 'http.request.method': ctx.method, 'podman_api.request_id': ctx.state.requestId };
    const span = tracing.startSpan(ctx.method, { kind: 'server', parent, attributes });
    onResponseEnd(ctx, () => end(span, ctx));
    await span.run(next);
  };
}

function end(span: Span, ctx: KoaContext): void {
  const { method, res, state } = ctx;
  const route = routeOf(ctx);
  if (route !== undefined) span.rename(`${method} ${route}`);
  span.setAttributes({
    'http.route': route,
    'http.response.status_code': res.headersSent || res.statusCode === 101 ? res.statusCode : undefined,
    // Without a route the path may hold anything, including secrets.
    'url.path': route === undefined ? undefined : ctx.path,
    'podman_api.job.id': state.jobId,
  });
  // By the conventions, a 4xx is not an error of the server.
  if (res.headersSent && res.statusCode >= 500) span.setError(state.errorType ?? String(res.statusCode));
  span.end();
}
