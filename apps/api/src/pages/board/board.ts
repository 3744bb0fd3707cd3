import type { QueueClient } from '@podman-api/queue';
import type { Next } from 'koa';
import type { RouteContext } from '../../context.ts';

/** The queues' board; it is loaded when it is first asked for. */
export function board(queue: QueueClient) {
  let loaded: ReturnType<typeof load> | undefined;
  return async (ctx: RouteContext, next: Next): Promise<void> => {
    loaded ??= load(queue);
    await (await loaded)(ctx, next);
  };
}

async function load(queue: QueueClient) {
  const { boardRouter } = await import('./serve.ts');
  return boardRouter(queue).routes();
}
