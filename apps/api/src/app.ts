import { Router } from '@koa/router';
import { type Operation, operations } from '@podman-api/operations';
import Koa from 'koa';
import { basePath, type State } from './context.ts';
import { countRequests } from './metrics/requests.ts';
import { auth } from './middleware/auth.ts';
import { logBodyErrors } from './middleware/body-errors.ts';
import { cors } from './middleware/cors.ts';
import { crossSite } from './middleware/cross-site.ts';
import { endJsonLines } from './middleware/end-json-lines.ts';
import { errors } from './middleware/errors.ts';
import { logRequests } from './middleware/log-requests.ts';
import { rateLimit } from './middleware/rate-limit.ts';
import { recordRefusals } from './middleware/record-refusals.ts';
import { requestId } from './middleware/request-id.ts';
import { readableTarget } from './middleware/target.ts';
import { trace } from './middleware/trace.ts';
import { documentRoute } from './openapi/serve.ts';
import { board } from './pages/board/board.ts';
import { boardPath } from './pages/board/path.ts';
import { addPages, pagePaths } from './pages/pages.ts';
import type { AppParts } from './parts.ts';
import { requireScope } from './request/scope.ts';
import { handle } from './routes/operations/handle.ts';
import { handleTransfer, isTransfer } from './routes/operations/transfer.ts';
import { routes } from './routes/routes.ts';
import { handleTerminal } from './terminals/handle.ts';

const describedRoutes = [...routes, documentRoute];

/**
 * Paths that need no token: health checks and browsers that open a page have none. The pages contain nothing about the
 * installation; their requests to the API need a token like all others.
 */
const publicPaths: ReadonlySet<string> = new Set([
  ...describedRoutes.filter(({ scope }) => scope === 'none').map(({ path }) => path),
  ...pagePaths,
]);

/** Creates the Koa application: a route for each operation, and the routes that create no job. */
export function createApp(parts: AppParts): Koa<State, object> {
  const router = new Router<State, object>();
  for (const operation of operations) {
    const guards = [recordRefusals(operation.name, parts.audit, operation.isWebSocket), requireScope(operation.scope)];
    router.register(basePath + operation.path, [operation.method], [...guards, handlerOf(operation, parts)]);
  }
  for (const route of describedRoutes) {
    const guards = [
      ...(route.changes ? [recordRefusals(route.name, parts.audit)] : []),
      ...(route.scope === undefined || route.scope === 'none' ? [] : [requireScope(route.scope)]),
    ];
    router.register(route.path, [route.method], [...guards, route.handle(parts)]);
  }
  addPages(router);
  router.get(`${boardPath}{/*below}`, requireScope('jobs'), board(parts));

  const app = new Koa<State, object>();
  logBodyErrors(app, parts.log);
  app.use(countRequests(parts.metrics));
  app.use(requestId);
  app.use(logRequests(parts.log));
  if (parts.tracing.isEnabled) app.use(trace(parts.tracing));
  app.use(endJsonLines);
  app.use(errors(parts.log, parts.config.DEBUG));
  app.use(readableTarget);
  app.use(crossSite({ origins: parts.config.CORS_ORIGINS, isTokenless: () => !parts.tokens.isRequired }));
  app.use(cors(parts.config.CORS_ORIGINS));
  app.use(auth(parts.tokens, parts.tickets, publicPaths));
  if (parts.rate) app.use(rateLimit(parts.rate));
  app.use(router.routes());
  app.use(router.allowedMethods());
  return app;
}

function handlerOf(operation: Operation, parts: AppParts) {
  if (operation.isWebSocket) return handleTerminal(operation, parts);
  return isTransfer(operation) ? handleTransfer(operation, parts) : handle(operation, parts);
}
