import type { Operation } from '@podman-api/operations';
import { noWorker } from '@podman-api/queue';
import { answer } from '../answer/success.ts';
import type { AppParts } from '../app.ts';
import { basePath, type RouteContext } from '../context.ts';
import { readInput } from '../request/input.ts';
import { resultOf } from './result.ts';

/** Handles an operation's route: reads and checks the input, makes a job of it, and waits for that. */
export function handle(operation: Operation, { queue, config, stopping }: AppParts) {
  return async (ctx: RouteContext): Promise<void> => {
    const input = await readInput(ctx, operation, ctx.params, config.MAX_BODY);
    const node = config.NODE_NAME;
    if (queue.directory.fresh && !queue.directory.takes(node)) throw noWorker(node);

    const wait = beginWait(ctx, config.REQUEST_TIMEOUT, stopping);
    const { id, ended } = await queue.submit(operation, input, { node, request_id: ctx.state.requestId }, wait);
    ctx.state.jobId = id;
    const result = resultOf(id, await ended);

    const location = operation.location?.(input);
    if (location !== undefined) ctx.set('Location', basePath + location);
    answer(ctx, operation.status, operation.noun, result);
  };
}

/**
 * A signal that ends a wait: when its time is over, when the process must end, and when the caller has gone away,
 * for a job that nobody waits for need not start.
 * @param timeout in seconds
 */
function beginWait(ctx: RouteContext, timeout: number, stopping: AbortSignal): AbortSignal {
  const wait = new AbortController();
  const end = () => wait.abort('over');
  const timer = setTimeout(end, timeout * 1000);
  stopping.addEventListener('abort', end);
  ctx.res.once('close', () => {
    clearTimeout(timer);
    stopping.removeEventListener('abort', end);
    end();
  });
  return wait.signal;
}
