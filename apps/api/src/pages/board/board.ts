import type { Next } from 'koa';
import type { RouteContext } from '../../context.ts';
import type { BoardParts } from './serve.ts';

/** Returns the middleware of the queue board, which is loaded with the first request. */
export function board(parts: BoardParts) {
  let loaded: ReturnType<typeof load> | undefined;
  return async (ctx: RouteContext, next: Next): Promise<void> => {
    loaded ??= load(parts);
    await (await loaded)(ctx, next);
  };
}

async function load(parts: BoardParts) {
  const { createBoardRouter } = await import('./serve.ts');
  return createBoardRouter(parts).routes();
}
