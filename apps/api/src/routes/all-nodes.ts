import { ApiError, invalid } from '@podman-api/errors';
import { nodeAnswerTimeoutMs, noNodes } from '@podman-api/queue';
import { createSharing } from '@podman-api/runtime';
import type { RouteContext } from '../context.ts';
import { unknownNode } from '../fleet/placement.ts';
import type { AppParts } from '../parts.ts';
import { beginWait } from '../request/wait.ts';
import { type Collected, collect } from './all-nodes/collect.ts';
import { type Asked, askOne } from './one-node.ts';

/** A run of jobs delays the next one with the same input by this at most, so that one slow node does not hold up later callers. */
const maxSharingDelayMs = 500;
/** Callers wait longer than a run of jobs may take, because the next run starts late. */
const sharingMarginSeconds = 1;

/**
 * Asks all nodes at once and answers with what they have, in the time of the slowest that answers; those that do not
 * are named. Callers who ask the same at the same time share the jobs: one that had not begun when they asked.
 */
export function askAll(parts: AppParts) {
  const { queue, config, stopping } = parts;
  const sharing = createSharing<Collected>(maxSharingDelayMs);

  return async (ctx: RouteContext, asked: Asked): Promise<void> => {
    const { operation, input, picked, prefer } = asked;
    const nodes = nodesFor(asked, [...queue.fleet.nodes.keys()]);
    const [only] = nodes;
    const one = nodes.length === 1 && only !== undefined ? only : undefined;
    if (prefer.applied !== '' && one !== undefined) {
      await askOne(ctx, parts, asked, one);
      if (ctx.status === operation.status) ctx.body = { ...bodyOf(ctx), unreachable: [] };
      return;
    }
    if (prefer.respondAsync) throw invalid('Prefer', severalJobs);

    const within =
      prefer.wait ?? (one === undefined ? Math.min(nodeAnswerTimeoutMs / 1000, config.REQUEST_TIMEOUT) : config.REQUEST_TIMEOUT);
    const asker = { request_id: ctx.state.requestId, token: ctx.state.token?.name ?? null };
    const wait = beginWait(ctx, prefer.wait ?? within + sharingMarginSeconds, stopping);
    const key = JSON.stringify([operation.name, input, picked, asker.token]);
    const run = (signal: AbortSignal) => collect(queue, { operation, input, nodes, asker }, signal);
    const asking = prefer.wait === undefined ? sharing(key, () => run(AbortSignal.timeout(within * 1000))) : run(wait);
    const { json, unreachable, job } = await beforeEnd(asking, wait);
    if (job !== undefined) ctx.state.jobId = job;
    const rest = { unreachable, ...(job !== undefined && { job_id: job }), timestamp: new Date().toISOString() };
    ctx.status = operation.status;
    ctx.type = 'json';
    ctx.body = `{"success":true,"${operation.noun}":${json},${JSON.stringify(rest).slice(1)}`;
  };
}

const severalJobs = 'Prefer: respond-async makes one job, and here are several nodes: pick one with ?node=.';

/** @throws ApiError (404) for a node that is not known, (503) where there is none */
function nodesFor({ picked }: Asked, known: readonly string[]): readonly string[] {
  if (picked !== undefined && !known.includes(picked)) throw unknownNode(picked);
  if (known.length === 0) throw noNodes();
  return picked === undefined ? known : [picked];
}

/** What others wait for as well may take longer than this caller waits. */
async function beforeEnd<Value>(asking: Promise<Value>, wait: AbortSignal): Promise<Value> {
  const over = Promise.withResolvers<never>();
  const end = () => over.reject(new ApiError('TimeoutError', 'The nodes did not answer in time: send the request again.'));
  wait.addEventListener('abort', end, { once: true });
  if (wait.aborted) end();
  try {
    return await Promise.race([asking, over.promise]);
  } finally {
    wait.removeEventListener('abort', end);
  }
}

function bodyOf({ body }: RouteContext): object {
  return typeof body === 'object' && body !== null ? body : {};
}
