import { Router } from '@koa/router';
import { operations, type Policy } from '@podman-api/operations';
import type { QueueClient, RateLimiter } from '@podman-api/queue';
import type { Audit, Config, Log } from '@podman-api/runtime';
import Koa from 'koa';
import { basePath, type State } from './context.ts';
import { auth } from './middleware/auth.ts';
import { cors } from './middleware/cors.ts';
import { crossSite } from './middleware/cross-site.ts';
import { errors } from './middleware/errors.ts';
import { noteRefusals } from './middleware/note-refusals.ts';
import { rateLimit } from './middleware/rate-limit.ts';
import { requestId } from './middleware/request-id.ts';
import { readableTarget } from './middleware/target.ts';
import { needs } from './request/scope.ts';
import { health } from './routes/health.ts';
import { cancelJob } from './routes/jobs/cancel.ts';
import { listJobs } from './routes/jobs/list.ts';
import { readOutput } from './routes/jobs/output.ts';
import { readJob } from './routes/jobs/read.ts';
import { metrics, prometheus } from './routes/metrics.ts';
import { handle } from './routes/operation.ts';
import type { Tokens } from './tokens/watch.ts';

/** What the routes need. */
export interface AppParts {
  readonly queue: QueueClient;
  readonly config: Config<'CORS_ORIGINS' | 'DEBUG' | 'MAX_BODY' | 'MAX_WAIT' | 'NODE_NAME' | 'REQUEST_TIMEOUT'>;
  readonly policy: Policy;
  readonly log: Log;
  readonly audit: Audit;
  readonly tokens: Tokens;
  /** How often a caller may ask, where that is limited. */
  readonly rate: { readonly limiter: RateLimiter; readonly limit: number } | undefined;
  /** Aborted when the process must end: waits end then. */
  readonly stopping: AbortSignal;
}

/** The API as a Koa application: a route for each operation, and those that need no job. */
export function createApp(parts: AppParts): Koa<State, object> {
  const router = new Router<State, object>();
  for (const operation of operations) {
    const guards = [noteRefusals(operation.name, parts.audit), needs(operation.scope)];
    router.register(basePath + operation.path, [operation.method], [...guards, handle(operation, parts)]);
  }
  router.get(`${basePath}/jobs`, listJobs(parts));
  router.get(`${basePath}/jobs/:id`, readJob(parts));
  router.delete(`${basePath}/jobs/:id`, noteRefusals('job.cancel', parts.audit), cancelJob(parts));
  router.get(`${basePath}/jobs/:id/output`, readOutput(parts));
  router.get(`${basePath}/health`, health(parts));
  router.get(`${basePath}/metrics`, needs('metrics'), metrics(parts));
  router.get('/metrics', needs('metrics'), prometheus(parts));

  const app = new Koa<State, object>();
  app.use(requestId);
  app.use(errors(parts.log, parts.config.DEBUG));
  app.use(readableTarget);
  app.use(crossSite({ origins: parts.config.CORS_ORIGINS, tokenless: () => !parts.tokens.required }));
  app.use(cors(parts.config.CORS_ORIGINS));
  app.use(auth(parts.tokens));
  if (parts.rate) app.use(rateLimit(parts.rate.limiter, parts.rate.limit));
  app.use(router.routes());
  app.use(router.allowedMethods());
  return app;
}
