import type { Operation } from '@podman-api/operations';
import { type Idempotency, noWorker, type Outcome, type QueueClient } from '@podman-api/queue';
import { answer } from '../answer/success.ts';
import { basePath, jobUrl, type RouteContext } from '../context.ts';
import type { AppParts } from '../parts.ts';
import type { Preferences } from '../request/prefer.ts';
import { beginWait } from '../request/wait.ts';
import { presentJob } from './jobs/present.ts';
import { notEnded, resultOf } from './result.ts';

/** A request for an operation that has been read and checked. */
export interface Asked {
  readonly operation: Operation;
  readonly input: object;
  /** The node that the caller named in the query. */
  readonly picked: string | undefined;
  readonly idempotency: Idempotency | undefined;
  readonly prefer: Preferences;
}

/** Makes a job for one node, and answers with what it comes to. */
export async function askOne(ctx: RouteContext, { queue, config, stopping }: AppParts, asked: Asked, node: string): Promise<void> {
  const { operation, input, idempotency, prefer } = asked;
  const wait = beginWait(ctx, prefer.wait ?? config.REQUEST_TIMEOUT, stopping);
  const request = {
    node,
    request_id: ctx.state.requestId,
    token: ctx.state.token?.name ?? null,
    idempotency,
    detached: prefer.respondAsync,
    refusal: refusalOf(queue, node),
  };
  const { id, ended } = await queue.submit(operation, input, request, wait);
  ctx.state.jobId = id;
  if (!prefer.respondAsync) {
    const outcome = await ended;
    // One that others wait for too is not withdrawn, and may still be queued.
    if (!outcome) throw notEnded(id, (await queue.view(id))?.status ?? 'running');
    return finish(ctx, asked, id, outcome);
  }

  const job = prefer.wait === undefined ? await queue.view(id) : await queue.await(id, wait);
  if (job?.outcome && prefer.wait !== undefined) return finish(ctx, asked, id, job.outcome);
  ctx.set('Location', jobUrl(id));
  answer(ctx, 202, 'job', job ? presentJob(job) : { id, url: jobUrl(id) });
}

function refusalOf({ fleet }: QueueClient, node: string) {
  return fleet.isRedisAvailable && !fleet.takes(node) ? noWorker(node) : undefined;
}

function finish(ctx: RouteContext, { operation, input }: Asked, id: string, outcome: Outcome): void {
  const result = resultOf(operation, id, outcome);
  const location = operation.location?.(input);
  if (location !== undefined) ctx.set('Location', basePath + location);
  answer(ctx, operation.statusOf?.(input) ?? operation.status, operation.noun, result);
}
