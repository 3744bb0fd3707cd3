import { Router } from '@koa/router';
import Koa from 'koa';
import type { State } from '../context.ts';
import { auth } from '../middleware/auth.ts';
import { logBodyErrors } from '../middleware/body-errors.ts';
import { crossSite } from '../middleware/cross-site.ts';
import { logRequests } from '../middleware/log-requests.ts';
import { rateLimit } from '../middleware/rate-limit.ts';
import { requestId } from '../middleware/request-id.ts';
import { readableTarget } from '../middleware/target.ts';
import { trace } from '../middleware/trace.ts';
import type { AppParts } from '../parts.ts';
import { dockerErrors } from './errors.ts';
import { createDockerRoutes } from './routes.ts';
import { withSession } from './sessions/session.ts';
import { withoutVersion } from './versions.ts';

/** Paths that need no token. Clients request `/_ping` first, to learn the version. */
const publicPaths: ReadonlySet<string> = new Set(['/_ping']);

/** How a Docker-compatible API is served. */
export interface DockerAppOptions {
  /** Whether it listens on a unix socket, which no web page can reach and whose clients send any `Host`; default: false. */
  readonly isSocket?: boolean;
  /** Address of this host at which clients reach the port of an emulated Ryuk, if all clients are local; default: none. */
  readonly ryukHost?: string | undefined;
}

/**
 * Creates the Koa application of the Docker-compatible API: a thin translation on top of the operations, with the same tokens, scopes,
 * policy, quotas and audit log.
 */
export function createDockerApp(parts: AppParts, { isSocket = false, ryukHost }: DockerAppOptions): Koa<State, object> {
  const router = new Router<State, object>();
  for (const { method, path, handle } of createDockerRoutes(ryukHost))
    router.register(path, [method], [async ctx => handle({ ctx, parts })]);
  const app = new Koa<State, object>();
  logBodyErrors(app, parts.log);
  app.use(requestId);
  app.use(logRequests(parts.log));
  if (parts.tracing.isEnabled) app.use(trace(parts.tracing));
  app.use(dockerErrors(parts.log));
  app.use(readableTarget);
  app.use(crossSite({ origins: [], isTokenless: () => !isSocket && !parts.tokens.isRequired }));
  app.use(withoutVersion);
  app.use(auth(parts.tokens, parts.tickets, publicPaths));
  if (parts.rate) app.use(rateLimit(parts.rate));
  app.use(withSession(parts));
  app.use(router.routes());
  return app;
}
