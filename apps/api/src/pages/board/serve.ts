import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { Router } from '@koa/router';
import { ApiError } from '@podman-api/errors';
import type { NodeQueue } from '@podman-api/jobs';
import { withRedisErrors } from '@podman-api/redis';
import type { RouteContext, State } from '../../context.ts';
import type { AppParts } from '../../parts.ts';
import { serve } from '../serve.ts';
import { readBullBoard } from './bull-board.ts';
import { listBoardFiles, renderBoardPage } from './page-files.ts';
import { boardPath } from './path.ts';
import { ShownQueue } from './shown-queue.ts';

const base = `${boardPath}/`;

/** The page has a `<base>` element and inline styles. */
const policy = ["style-src 'self' 'unsafe-inline'", "base-uri 'self'"];
/** For a file with a hash of its content in its name. */
const immutable = { 'Cache-Control': 'private, max-age=31536000, immutable' };

/** Shorter responses are not compressed. */
const minCompressedCharacters = 10_000;

/** Dependencies of the board. */
export type BoardParts = Pick<AppParts, 'fleet' | 'jobs'>;

/** Creates the routes of the board, all of which are read-only. */
export function createBoardRouter(parts: BoardParts): Router<State, object> {
  const { reads, pages, template, values, config } = readBullBoard(base);
  const shown = shownQueues(parts);
  const router = new Router<State, object>({ prefix: boardPath });
  for (const { route, handler } of reads) {
    router.get([route].flat(), async ctx => {
      const { query, params } = ctx;
      const request = { queues: shown(), uiConfig: config, query, params, body: {}, headers: {} };
      const { status = 200, body } = await withRedisErrors(Promise.resolve(handler(request)).catch(rejectUnreadable));
      if (status >= 400) throw boardError(status);
      await sendJson(ctx, JSON.stringify(body));
    });
  }
  router.get([...pages], serve({ path: base, type: 'html', read: () => renderBoardPage(template, values) }, policy));
  for (const file of listBoardFiles(base)) {
    router.get(file.path.slice(boardPath.length), serve(file, policy, /\.[0-9a-f]{10}\.\w+$/.test(file.path) ? immutable : {}));
  }
  return router;
}

/** Returns a function that returns the queues of all known nodes, by name. */
function shownQueues({ fleet, jobs }: BoardParts) {
  const shownByQueue = new WeakMap<NodeQueue, ShownQueue>();
  const toShown = (queue: NodeQueue) => {
    const one = shownByQueue.get(queue) ?? new ShownQueue(queue);
    shownByQueue.set(queue, one);
    return one;
  };
  return () => new Map(jobs.queuesOf([...fleet.nodes.keys()]).map(queue => [queue.name, toShown(queue)]));
}

/** Sends JSON, compressed if that helps: the queues of 1,000 nodes are 0.9 MB. */
async function sendJson(ctx: RouteContext, text: string): Promise<void> {
  ctx.set({ 'X-Content-Type-Options': 'nosniff', 'Cache-Control': 'no-store' });
  ctx.type = 'json';
  const zip = text.length > minCompressedCharacters && ctx.acceptsEncodings('gzip', 'identity') === 'gzip';
  if (zip) ctx.set('Content-Encoding', 'gzip');
  ctx.body = zip ? await promisify(gzip)(text, { level: 1 }) : text;
}

/** Maps errors that bull-board throws for malformed requests: it decodes some parameters twice, and parses what follows a NUL as JSON. */
function rejectUnreadable(error: unknown): never {
  throw error instanceof URIError || error instanceof SyntaxError ? boardError(400) : error;
}

function boardError(status: number): ApiError {
  if (status === 404) return new ApiError('NotFoundError', 'There is no such queue or job: open /queues in a browser.');
  if (status === 400) return new ApiError('ValidationError', 'The request is not one of the queue board: open /queues in a browser.');
  return new ApiError('ForbiddenError', 'The queue board is read-only and does not offer this: open /queues in a browser.');
}
