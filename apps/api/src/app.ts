import { Router } from '@koa/router';
import { operations } from '@podman-api/operations';
import type { QueueClient } from '@podman-api/queue';
import type { Config, Log } from '@podman-api/runtime';
import Koa from 'koa';
import { basePath, type State } from './context.ts';
import { errors } from './middleware/errors.ts';
import { requestId } from './middleware/request-id.ts';
import { health } from './routes/health.ts';
import { cancelJob } from './routes/jobs/cancel.ts';
import { listJobs } from './routes/jobs/list.ts';
import { readOutput } from './routes/jobs/output.ts';
import { readJob } from './routes/jobs/read.ts';
import { metrics, prometheus } from './routes/metrics.ts';
import { handle } from './routes/operation.ts';

/** What the routes need. */
export interface AppParts {
  readonly queue: QueueClient;
  readonly config: Config<'DEBUG' | 'MAX_BODY' | 'MAX_WAIT' | 'NODE_NAME' | 'REQUEST_TIMEOUT'>;
  readonly log: Log;
  /** Aborted when the process must end: waits end then. */
  readonly stopping: AbortSignal;
}

/** The API as a Koa application: a route for each operation, and those that need no job. */
export function createApp(parts: AppParts): Koa<State, object> {
  const router = new Router<State, object>();
  for (const operation of operations) {
    router.register(basePath + operation.path, [operation.method], handle(operation, parts));
  }
  router.get(`${basePath}/jobs`, listJobs(parts));
  router.get(`${basePath}/jobs/:id`, readJob(parts));
  router.delete(`${basePath}/jobs/:id`, cancelJob(parts));
  router.get(`${basePath}/jobs/:id/output`, readOutput(parts));
  router.get(`${basePath}/health`, health(parts));
  router.get(`${basePath}/metrics`, metrics(parts));
  router.get('/metrics', prometheus(parts));

  const app = new Koa<State, object>();
  app.use(requestId);
  app.use(errors(parts.log, parts.config.DEBUG));
  app.use(router.routes());
  app.use(router.allowedMethods());
  return app;
}
