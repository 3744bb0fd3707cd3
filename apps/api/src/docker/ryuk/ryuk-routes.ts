import { PassThrough } from 'node:stream';
import {
  dockerCreateContainer,
  dockerInspectContainer,
  dockerInspectImage,
  dockerTunnel,
  packOutput,
  type Scope,
} from '@podman-api/operations';
import { onResponseEnd } from '../../request/response-end.ts';
import { hasScope, missingScope } from '../../request/scope.ts';
import { onTokenEnd } from '../../request/token-end.ts';
import { listFilters } from '../containers/reads.ts';
import { readFilters } from '../filters.ts';
import { openRawStream } from '../hijack.ts';
import { type DockerRequest, type DockerRoute, notImplemented, param, queryFlag, queryText } from '../route.ts';
import { describeRyuk, describeRyukImage, summarizeRyuk } from './describe-ryuk.ts';
import type { RyukContainer } from './ryuk-container.ts';
import { isRyukImage, type RyukContainers } from './ryuk-containers.ts';

/** Handler of a request for a Ryuk, and the scope that a token needs for it. */
interface RyukHandler {
  readonly scope: Scope;
  handle(request: DockerRequest, ryuk: RyukContainer): Promise<void> | void;
}

const respondWithoutContent = (request: DockerRequest) => {
  request.ctx.status = 204;
};

/** The actions on a Ryuk, by the method and the path of the route. */
const handlers: Readonly<Record<string, RyukHandler>> = {
  'GET /containers/:id/json': {
    scope: dockerInspectContainer.scope,
    handle({ ctx }, ryuk) {
      ctx.body = describeRyuk(ryuk);
    },
  },
  'POST /containers/:id/start': {
    scope: dockerCreateContainer.scope,
    async handle(request, ryuk) {
      await ryuk.start();
      respondWithoutContent(request);
    },
  },
  'GET /containers/:id/logs': { scope: dockerInspectContainer.scope, handle: readLog },
  'POST /containers/:id/wait': { scope: dockerInspectContainer.scope, handle: waitForEnd },
  'POST /containers/:id/stop': { scope: dockerCreateContainer.scope, handle: endRyuk },
  'POST /containers/:id/kill': { scope: dockerCreateContainer.scope, handle: endRyuk },
  'DELETE /containers/:id': { scope: dockerCreateContainer.scope, handle: endRyuk },
  'POST /podman-api/containers/:id/tunnel': {
    scope: dockerTunnel.scope,
    handle(request, ryuk) {
      request.parts.streams.add(request.ctx);
      const { input, output } = openRawStream(request, true);
      // The connection continues after this function has returned.
      if (input) void ryuk.serve(input, output);
    },
  },
};

/** Extends routes to Ryuks: their containers, the list of containers, and their image, which needs no pull. */
export function withRyuks(routes: readonly DockerRoute[], ryuks: RyukContainers): readonly DockerRoute[] {
  return routes.map(route => {
    const { method, path } = route;
    if (path === '/containers/json') return { ...route, handle: request => listWithRyuks(request, route, ryuks) };
    if (path === '/images/*name/json' || path === '/images/create') return { ...route, handle: request => handleImage(request, route) };
    if (!path.includes('/containers/:id')) return route;
    return {
      ...route,
      handle(request) {
        const ryuk = ryuks.find(request, param(request, 'id'));
        if (!ryuk) return route.handle(request);
        const handler = handlers[`${method} ${path}`];
        if (!handler) throw notImplemented(`${method} ${path} of Ryuk`, 'no container runs for it');
        if (!hasScope(request.ctx, handler.scope)) throw missingScope(request.ctx, handler.scope);
        return handler.handle(request, ryuk);
      },
    };
  });
}

/** Lists containers with the regular route, and adds the caller's Ryuk containers. */
async function listWithRyuks(request: DockerRequest, route: DockerRoute, ryuks: RyukContainers): Promise<void> {
  await route.handle(request);
  const { ctx } = request;
  const listed = ryuks.list(request, queryFlag(request, 'all'), readFilters(request, listFilters));
  if (Array.isArray(ctx.body)) ctx.body = [...listed.map(summarizeRyuk), ...ctx.body];
}

/** Responds to an inspect or a pull of Ryuk's image; other images are left to the route itself. */
function handleImage(request: DockerRequest, route: DockerRoute): Promise<void> | void {
  const { ctx } = request;
  const isPull = route.method === 'POST';
  const name = isPull ? (queryText(request, 'fromImage') ?? '') : param(request, 'name');
  if (!isRyukImage(name)) return route.handle(request);
  const { scope } = dockerInspectImage;
  if (!hasScope(ctx, scope)) throw missingScope(ctx, scope);
  ctx.body = isPull ? `${JSON.stringify({ status: 'podman-api emulates Ryuk: no image is needed' })}\r\n` : describeRyukImage(name);
  ctx.type = 'json';
}

/** Sends the log, whose line clients wait for. */
function readLog(request: DockerRequest, { isRunning, startedAtMs = 0, ended }: RyukContainer): void {
  const { ctx, parts } = request;
  keepOpen(request);
  const timestamp = queryFlag(request, 'timestamps') ? `${new Date(startedAtMs).toISOString()} ` : '';
  const body = new PassThrough();
  ctx.type = 'application/vnd.docker.multiplexed-stream';
  ctx.body = body;
  ctx.flushHeaders();
  if (startedAtMs > 0 && queryFlag(request, 'stdout'))
    body.write(packOutput({ stream: 'stdout', bytes: Buffer.from(`${timestamp}Started!\n`) }));
  if (!isRunning || !queryFlag(request, 'follow')) return void body.end();
  const stop = () => body.end();
  const over = AbortSignal.any([ended.signal, parts.draining]);
  over.addEventListener('abort', stop, { once: true });
  onResponseEnd(ctx, () => over.removeEventListener('abort', stop));
}

async function waitForEnd(request: DockerRequest, { ended }: RyukContainer): Promise<void> {
  const { ctx, parts } = request;
  keepOpen(request);
  ctx.status = 200;
  ctx.type = 'json';
  ctx.flushHeaders();
  const gone = new AbortController();
  onResponseEnd(ctx, () => gone.abort('gone'));
  const over = AbortSignal.any([ended.signal, parts.stopping, gone.signal]);
  if (!over.aborted) await new Promise(resolve => over.addEventListener('abort', resolve, { once: true }));
  ctx.body = { StatusCode: 0 };
}

/** Counts a response that stays open, and cuts its connection when the token is revoked. @throws ApiError (429) */
function keepOpen({ ctx, parts }: DockerRequest): void {
  parts.streams.add(ctx);
  const endChecks = onTokenEnd(ctx, parts.tokens, () => ctx.res.destroy());
  onResponseEnd(ctx, endChecks);
}

async function endRyuk(request: DockerRequest, ryuk: RyukContainer): Promise<void> {
  await ryuk.end();
  respondWithoutContent(request);
}
