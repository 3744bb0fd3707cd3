import type { AwaitedCall, DispatchedJob } from '@podman-api/cluster';
import { ApiError } from '@podman-api/errors';
import type { OpenedChannel } from '@podman-api/jobs';
import type { Operation } from '@podman-api/operations';
import { type RouteContext, requesterOf } from '../../context.ts';
import type { AppParts } from '../../parts.ts';
import { createJobChannel } from '../../request/job-channel.ts';
import type { Preferences } from '../../request/prefer.ts';
import { requiredResources } from '../../request/quotas.ts';
import { dispatchByReach } from './dispatch-by-reach.ts';

/** A request for a transfer that was read and checked. */
export interface TransferRequest {
  readonly input: object;
  readonly prefer: Preferences;
  readonly requestedNode?: string | undefined;
  /** The URL to which the job is sent when it has ended. */
  readonly callbackUrl?: string | undefined;
}

/** A job with its channel. */
export interface Transfer {
  /** The channel, once the job has accepted the request. */
  readonly channel: Promise<OpenedChannel>;
  readonly run: Promise<DispatchedJob>;
  /** Cancels the job if it has not ended, and closes the channel; so does the end of the response. */
  cancel(): void;
  /** Lets the job continue when the response ends or this process stops: the job has all bytes, or they are in the channel. */
  detach(): void;
}

/** Submits the job of a request with a channel. It is cancelled when the response ends, or no worker accepts it in time. */
export function startTransfer(
  ctx: RouteContext,
  { jobs, dispatcher, config, stopping }: AppParts,
  operation: Operation,
  { input, prefer, requestedNode, callbackUrl }: TransferRequest,
): Transfer {
  const { reach, name } = operation;
  if (reach === 'all') throw new Error(`${name} transfers bytes, and can only run on one node`);
  const channel = createJobChannel(jobs);
  const waits = new AbortController();
  const timer = setTimeout(() => waits.abort('over'), (prefer.wait ?? config.REQUEST_TIMEOUT) * 1000);
  let jobId: string | undefined;
  let hasEnded = false;
  const cancel = () => {
    clearTimeout(timer);
    stopping.removeEventListener('abort', cancel);
    waits.abort('over');
    if (jobId === undefined) return;
    const ends = [channel.close(), hasEnded ? undefined : jobs.cancel(jobId)];
    jobId = undefined;
    // If Redis is unavailable, the channel's keys expire and the worker gives up.
    Promise.all(ends).catch(() => {});
  };
  stopping.addEventListener('abort', cancel, { once: true });
  ctx.res.once('close', cancel);

  const call: AwaitedCall = {
    ...requesterOf(ctx),
    type: operation,
    input,
    quotas: ctx.state.token?.quotas,
    resources: requiredResources(operation, input, ctx.state.token),
    callbackUrl,
    startWait: () => waits.signal,
    async onBeforeSubmit(id) {
      await channel.open(id);
      if (waits.signal.aborted) {
        await channel.close();
        throw notAcceptedError();
      }
      jobId = id;
      ctx.state.jobId = id;
    },
  };
  const accepted = channel.joined.then(joined => {
    clearTimeout(timer);
    return joined.channel;
  });
  const run = dispatchByReach(dispatcher, call, reach, input, requestedNode);
  run.then(
    ({ outcome }) => {
      hasEnded = outcome !== undefined;
    },
    () => {},
  );
  if (stopping.aborted || ctx.res.destroyed) cancel();
  const detach = () => {
    stopping.removeEventListener('abort', cancel);
    ctx.res.off('close', cancel);
    const close = () => channel.close().catch(() => {});
    run.then(close, close);
  };
  return { channel: accepted, run, cancel, detach };
}

/** Creates the 408 for a transfer that no worker accepted in time. */
export function notAcceptedError(): ApiError {
  return new ApiError('TimeoutError', 'No worker accepted the transfer in time, and nothing was changed: send the request again later.');
}
