import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { Router } from '@koa/router';
import { ApiError } from '@podman-api/errors';
import { asking, type NodeQueue, type QueueClient } from '@podman-api/queue';
import type { RouteContext, State } from '../../context.ts';
import { serve } from '../serve.ts';
import { bullBoard } from './bull-board.ts';
import { filesOf } from './files.ts';
import { readPage } from './page.ts';
import { boardPath } from './path.ts';
import { ShownQueue } from './shown-queue.ts';

const base = `${boardPath}/`;

/** Its page says by itself below which path its links are, and has styles in it. */
const policy = ["style-src 'self' 'unsafe-inline'", "base-uri 'self'"];
/** A file whose name tells its content, and needs to be asked for once. */
const lasting = { 'Cache-Control': 'private, max-age=31536000, immutable' };

/** Characters. */
const worthZipping = 10_000;

/** The routes of the board. None but reads are there. */
export function boardRouter(queue: QueueClient): Router<State, object> {
  const { reads, pages, template, values, config } = bullBoard(base);
  const shown = shownQueues(queue);
  const router = new Router<State, object>({ prefix: boardPath });
  for (const { route, handler } of reads) {
    router.get([route].flat(), async ctx => {
      const { query, params } = ctx;
      const request = { queues: shown(), uiConfig: config, query, params, body: {}, headers: {} };
      const { status = 200, body } = await asking(Promise.resolve(handler(request)).catch(unreadable));
      if (status >= 400) throw refused(status);
      await answer(ctx, JSON.stringify(body));
    });
  }
  router.get([...pages], serve({ path: base, type: 'html', read: () => readPage(template, values) }, policy));
  for (const file of filesOf(base)) {
    router.get(file.path.slice(boardPath.length), serve(file, policy, /\.[0-9a-f]{10}\.\w+$/.test(file.path) ? lasting : {}));
  }
  return router;
}

/** Gives the queues of the nodes that there are, by name. */
function shownQueues({ fleet, queuesOf }: QueueClient) {
  const made = new WeakMap<NodeQueue, ShownQueue>();
  const shown = (queue: NodeQueue) => {
    const one = made.get(queue) ?? new ShownQueue(queue);
    made.set(queue, one);
    return one;
  };
  return () => new Map(queuesOf([...fleet.nodes.keys()]).map(queue => [queue.name, shown(queue)]));
}

/** Compressed where that matters: the queues of 1,000 nodes are 0.9 MB. */
async function answer(ctx: RouteContext, text: string): Promise<void> {
  ctx.set({ 'X-Content-Type-Options': 'nosniff', 'Cache-Control': 'no-store' });
  ctx.type = 'json';
  const zip = text.length > worthZipping && ctx.acceptsEncodings('gzip', 'identity') === 'gzip';
  if (zip) ctx.set('Content-Encoding', 'gzip');
  ctx.body = zip ? await promisify(gzip)(text, { level: 1 }) : text;
}

/** bull-board decodes some texts a second time, and reads what stands behind a NUL as JSON. */
function unreadable(error: unknown): never {
  throw error instanceof URIError || error instanceof SyntaxError ? refused(400) : error;
}

function refused(status: number): ApiError {
  if (status === 404) return new ApiError('NotFoundError', 'There is no such queue or job.');
  if (status === 400) return new ApiError('ValidationError', 'The board is not asked like this.');
  return new ApiError('ForbiddenError', 'The board does not show this.');
}
