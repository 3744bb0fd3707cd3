import { once } from 'node:events';
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

    const wait = AbortSignal.any([AbortSignal.timeout(config.REQUEST_TIMEOUT * 1000), callerGone(ctx), stopping]);
    const { id, ended } = await queue.submit(operation, input, { node, request_id: ctx.state.requestId }, wait);
    ctx.state.jobId = id;
    const result = resultOf(id, await ended);

    const location = operation.location?.(input);
    if (location !== undefined) ctx.set('Location', basePath + location);
    answer(ctx, operation.status, operation.noun, result);
  };
}

/** Is aborted when the caller goes away: a job that nobody waits for any more need not start. */
function callerGone(ctx: RouteContext): AbortSignal {
  const gone = new AbortController();
  once(ctx.res, 'close').then(
    () => gone.abort(),
    () => gone.abort(),
  );
  return gone.signal;
}
