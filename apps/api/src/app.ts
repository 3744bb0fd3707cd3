import { Router } from '@koa/router';
import { operations, type Policy } from '@podman-api/operations';
import type { QueueClient, RateLimiter } from '@podman-api/queue';
import type { Audit, Config, Log, Tracing } from '@podman-api/runtime';
import Koa from 'koa';
import type { Registry } from 'prom-client';
import { basePath, type State } from './context.ts';
import { countRequests } from './metrics/requests.ts';
import { auth } from './middleware/auth.ts';
import { cors } from './middleware/cors.ts';
import { crossSite } from './middleware/cross-site.ts';
import { errors } from './middleware/errors.ts';
import { noteRefusals } from './middleware/note-refusals.ts';
import { noteRequests } from './middleware/note-requests.ts';
import { rateLimit } from './middleware/rate-limit.ts';
import { requestId } from './middleware/request-id.ts';
import { readableTarget } from './middleware/target.ts';
import { trace } from './middleware/trace.ts';
import { documentRoute } from './openapi/serve.ts';
import { addPages, pagePaths } from './pages/pages.ts';
import { needs } from './request/scope.ts';
import { handle } from './routes/operation.ts';
import { routes } from './routes/routes.ts';
import type { Tokens } from './tokens/watch.ts';

/** What the routes need. */
export interface AppParts {
  readonly queue: QueueClient;
  readonly config: Config<'CORS_ORIGINS' | 'DEBUG' | 'MAX_BODY' | 'MAX_QUEUE' | 'MAX_WAIT' | 'REQUEST_TIMEOUT'>;
  readonly policy: Policy;
  readonly log: Log;
  readonly tracing: Tracing;
  readonly audit: Audit;
  readonly tokens: Tokens;
  /** The metrics of this process. */
  readonly metrics: Registry;
  /** How often a caller may ask, where that is limited. */
  readonly rate: { readonly limiter: RateLimiter; readonly limit: number } | undefined;
  /** Aborted when the process must end: waits end then. */
  readonly stopping: AbortSignal;
}

const described = [...routes, documentRoute];

/**
 * Where no token is asked for: who looks after the process has none, nor has a browser that opens a page. The pages say
 * nothing of this installation; what they ask for needs a token as any other request.
 */
const open: ReadonlySet<string> = new Set([...described.filter(({ scope }) => scope === 'none').map(({ path }) => path), ...pagePaths]);

/** The API as a Koa application: a route for each operation, and those that need no job. */
export function createApp(parts: AppParts): Koa<State, object> {
  const router = new Router<State, object>();
  for (const operation of operations) {
    const guards = [noteRefusals(operation.name, parts.audit), needs(operation.scope)];
    router.register(basePath + operation.path, [operation.method], [...guards, handle(operation, parts)]);
  }
  for (const route of described) {
    const guards = [
      ...(route.changes ? [noteRefusals(route.name, parts.audit)] : []),
      ...(route.scope === undefined || route.scope === 'none' ? [] : [needs(route.scope)]),
    ];
    router.register(route.path, [route.method], [...guards, route.handle(parts)]);
  }
  addPages(router);

  const app = new Koa<State, object>();
  app.use(countRequests(parts.metrics));
  app.use(requestId);
  app.use(noteRequests(parts.log));
  if (parts.tracing.on) app.use(trace(parts.tracing));
  app.use(errors(parts.log, parts.config.DEBUG));
  app.use(readableTarget);
  app.use(crossSite({ origins: parts.config.CORS_ORIGINS, tokenless: () => !parts.tokens.required }));
  app.use(cors(parts.config.CORS_ORIGINS));
  app.use(auth(parts.tokens, open));
  if (parts.rate) app.use(rateLimit(parts.rate.limiter, parts.rate.limit));
  app.use(router.routes());
  app.use(router.allowedMethods());
  return app;
}
