import type { AwaitedCall, Run } from '@podman-api/cluster';
import { answer } from '../../answer/success.ts';
import { basePath, jobUrl, type RouteContext, requesterOf } from '../../context.ts';
import type { AppParts } from '../../parts.ts';
import { beginWait } from '../../request/wait.ts';
import { presentJob } from '../jobs/present.ts';
import { notEnded, resultOf } from './outcome.ts';
import type { OperationRequest } from './request.ts';

/** Creates the call of a request that is one job. */
export function createCall(ctx: RouteContext, { config, stopping }: AppParts, request: OperationRequest): AwaitedCall {
  const { operation, input, idempotency, prefer } = request;
  return {
    ...requesterOf(ctx),
    type: operation,
    input,
    idempotency,
    reservedName: operation.makes?.(input),
    detached: prefer.respondAsync,
    awaitDetached: prefer.wait !== undefined,
    beginWait: () => beginWait(ctx, prefer.wait ?? config.REQUEST_TIMEOUT, stopping),
    onSubmitted(id) {
      ctx.state.jobId = id;
    },
  };
}

/** Answers with the outcome of a job, or with 202 and the job if the caller prefers not to wait for it. */
export async function answerRun(ctx: RouteContext, { jobs }: AppParts, request: OperationRequest, { id, outcome }: Run): Promise<void> {
  const { operation, input, prefer } = request;
  if (outcome) {
    const result = resultOf(operation, id, outcome);
    const location = operation.location?.(input);
    if (location !== undefined) ctx.set('Location', basePath + location);
    return answer(ctx, operation.statusOf?.(input) ?? operation.status, operation.noun, result);
  }
  const job = await jobs.read(id);
  // A job that others wait for too is not withdrawn, and may still be queued.
  if (!prefer.respondAsync) throw notEnded(id, job?.status ?? 'running');
  ctx.set('Location', jobUrl(id));
  answer(ctx, 202, 'job', job ? presentJob(job) : { id, url: jobUrl(id) });
}
