import type { Log } from '@podman-api/runtime';
import type { Next } from 'koa';
import { basePath, type KoaContext, routeOf } from '../context.ts';
import { onResponseEnd } from '../request/response-end.ts';

const reads: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);
/** Polled frequently, also while it fails. */
const polled = `${basePath}/health`;

/**
 * Logs each request when its response is complete or its client has disconnected: changes and failures at level `info`,
 * other reads at level `debug`. Targets and bodies are not logged, because they may hold secrets.
 */
export function logRequests(log: Log) {
  return async (ctx: KoaContext, next: Next): Promise<void> => {
    const startedAtMs = performance.now();
    onResponseEnd(ctx, () => logRequest(log, ctx, performance.now() - startedAtMs));
    await next();
  };
}

function logRequest(log: Log, ctx: KoaContext, durationMs: number): void {
  const { method, res, state } = ctx;
  // Node.js has not written the 101 of a connection that was taken over, so `headersSent` is false.
  const isTakenOver = res.statusCode === 101;
  const status = res.headersSent || isTakenOver ? res.statusCode : null;
  const route = routeOf(ctx) ?? null;
  const level = reads.has(method) && ((status ?? 0) < 400 || route === polled) ? 'debug' : 'info';
  if (!log.isLevelEnabled(level)) return;
  const line = {
    method,
    route,
    status,
    duration_ms: Math.round(durationMs * 10) / 10,
    request_id: state.requestId,
    ...(state.token && { token: state.token.name }),
    ...(state.jobId !== undefined && { job: state.jobId }),
    ...(state.errorType !== undefined && { error: state.errorType }),
    ...(!res.writableFinished && !isTakenOver && { aborted: true }),
  };
  log[level](line, `${method} ${route ?? '(no route)'} ${status ?? '(no answer)'}`);
}
