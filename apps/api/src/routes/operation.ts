import { allow, type Operation } from '@podman-api/operations';
import { noWorker, type Outcome } from '@podman-api/queue';
import { answer } from '../answer/success.ts';
import type { AppParts } from '../app.ts';
import { basePath, jobUrl, type RouteContext } from '../context.ts';
import { readIdempotency } from '../request/idempotency.ts';
import { readInput } from '../request/input.ts';
import { readPrefer } from '../request/prefer.ts';
import { beginWait } from '../request/wait.ts';
import { presentJob } from './jobs/present.ts';
import { notEnded, resultOf } from './result.ts';

/** Handles an operation's route: reads and checks the input, makes a job of it, and waits for that as told. */
export function handle(operation: Operation, { queue, config, policy, stopping }: AppParts) {
  const finish = (ctx: RouteContext, id: string, input: object, outcome: Outcome) => {
    const result = resultOf(operation, id, outcome);
    const location = operation.location?.(input);
    if (location !== undefined) ctx.set('Location', basePath + location);
    answer(ctx, operation.statusOf?.(input) ?? operation.status, operation.noun, result);
  };

  return async (ctx: RouteContext): Promise<void> => {
    const input = await readInput(ctx, operation, ctx.params, config.MAX_BODY);
    allow(operation, input, policy);
    const idempotency = readIdempotency(ctx, operation, input);
    const prefer = readPrefer(ctx.get('Prefer'), config.MAX_WAIT);
    const node = config.NODE_NAME;
    if (prefer.applied !== '') ctx.set('Preference-Applied', prefer.applied);

    const wait = beginWait(ctx, prefer.wait ?? config.REQUEST_TIMEOUT, stopping);
    const refusal = queue.directory.fresh && !queue.directory.takes(node) ? noWorker(node) : undefined;
    const request = {
      node,
      request_id: ctx.state.requestId,
      token: ctx.state.token?.name ?? null,
      idempotency,
      detached: prefer.respondAsync,
      refusal,
    };
    const { id, ended } = await queue.submit(operation, input, request, wait);
    ctx.state.jobId = id;
    if (!prefer.respondAsync) {
      const outcome = await ended;
      // One that others wait for too is not withdrawn, and may still be queued.
      if (!outcome) throw notEnded(id, (await queue.view(id))?.status ?? 'running');
      return finish(ctx, id, input, outcome);
    }

    const job = prefer.wait === undefined ? await queue.view(id) : await queue.await(id, wait);
    if (job?.outcome && prefer.wait !== undefined) return finish(ctx, id, input, job.outcome);
    ctx.set('Location', jobUrl(id));
    answer(ctx, 202, 'job', job ? presentJob(job) : { id, url: jobUrl(id) });
  };
}
