import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import type { DispatchedJob } from '@podman-api/cluster';
import { invalidField } from '@podman-api/errors';
import type { OpenedChannel, Outcome } from '@podman-api/jobs';
import { enforcePolicy, type Operation } from '@podman-api/operations';
import { waitAtMost } from '@podman-api/runtime';
import type { RouteContext } from '../../context.ts';
import type { AppParts } from '../../parts.ts';
import { checkCallbackUrl } from '../../request/callback-url.ts';
import { readInput } from '../../request/input.ts';
import { isChannelError, outcomeTimeoutMs } from '../../request/job-channel.ts';
import { readNode } from '../../request/node.ts';
import { readPrefer } from '../../request/prefer.ts';
import { openUpload, type Upload } from '../../request/upload.ts';
import { respond } from '../../response/success.ts';
import { respondWithJob } from '../jobs/respond-with-job.ts';
import { readDownloadHead } from './download-head.ts';
import { resultOf } from './outcome.ts';
import { notAcceptedError, startTransfer, type Transfer, type TransferRequest } from './start-transfer.ts';

/** Whether an operation sends or receives bytes on the channel of its job. */
export function isTransfer({ upload, download }: Operation): boolean {
  return upload !== undefined || download !== undefined;
}

/**
 * Handles the route of an operation with an upload or download: submits its job, and passes bytes on between the HTTP connection
 * and the job's channel. The job ends with the connection, except for an upload whose caller does not wait for the result.
 */
export function handleTransfer(operation: Operation, parts: AppParts) {
  const { config, policy, callbackHosts } = parts;
  return async (ctx: RouteContext): Promise<void> => {
    const { requestedNode, query } = readNode(ctx, operation);
    const prefer = readPrefer(ctx.get('Prefer'), config.MAX_WAIT);
    if (prefer.respondAsync && !operation.upload)
      throw invalidField('Prefer', 'Prefer: respond-async is not possible for a route whose response is bytes.');
    const { input, callbackUrl: givenUrl } = await readInput(ctx, operation, ctx.params, query, config.MAX_BODY);
    enforcePolicy(operation, input, policy);
    const callbackUrl = checkCallbackUrl(givenUrl, prefer, callbackHosts);
    if (prefer.applied !== '') ctx.set('Preference-Applied', prefer.applied);
    const request = { input, prefer, requestedNode, callbackUrl };
    if (prefer.respondAsync && operation.upload) return submitUpload(ctx, parts, operation, operation.upload, request);
    const result = await runTransfer(ctx, parts, operation, request);
    if (operation.upload) respond(ctx, operation.status, operation.noun, result);
  };
}

/**
 * Runs the job of an upload, whose bytes are the body of the request, or of a download, which becomes the response.
 * @returns the result of an upload; `undefined` for a download
 */
export async function runTransfer(
  ctx: RouteContext,
  parts: AppParts,
  operation: Operation,
  request: TransferRequest,
): Promise<object | undefined> {
  const upload = operation.upload && openUpload(ctx, operation.upload, parts.config.MAX_UPLOAD);
  const transfer = startTransfer(ctx, parts, operation, request);
  try {
    if (upload) return await receive(operation, transfer, sendBody(transfer, upload));
    await send(ctx, operation, transfer);
    return undefined;
  } catch (error) {
    transfer.cancel();
    throw error;
  } finally {
    upload?.discard();
  }
}

/** Runs the job of an upload, and responds with 202 and the job once the worker has the whole body, or the channel does. */
async function submitUpload(
  ctx: RouteContext,
  parts: AppParts,
  operation: Operation,
  kind: NonNullable<Operation['upload']>,
  request: TransferRequest,
): Promise<void> {
  const upload = openUpload(ctx, kind, parts.config.MAX_UPLOAD);
  const transfer = startTransfer(ctx, parts, operation, request);
  try {
    const sent = sendBody(transfer, upload);
    // If the job has failed meanwhile, its error is the reason.
    const received = receive(operation, transfer, sent);
    received.catch(() => {});
    await Promise.race([sent.catch(() => received), received]);
    transfer.detach();
  } catch (error) {
    transfer.cancel();
    throw error;
  } finally {
    upload.discard();
  }
  return respondWithJob(ctx, parts, ctx.state.jobId ?? '');
}

/** Passes the body of a request on once the job has accepted it. */
export async function sendBody({ channel }: Transfer, upload: Upload): Promise<void> {
  await upload.sendTo(await channel);
}

/** Waits for the job of an upload. @param sent settles when the body was passed on @returns the result of the job */
async function receive(operation: Operation, transfer: Transfer, sent: Promise<void>): Promise<object | undefined> {
  const { id, outcome } = await receiveOutcome(transfer, sent);
  return resultOf(operation, id, outcome);
}

/** Waits for the outcome of the job of an upload. @param sent settles when the body was passed on @throws ApiError (408) if there is none */
export async function receiveOutcome({ run }: Transfer, sent: Promise<void>): Promise<{ readonly id: string; readonly outcome: Outcome }> {
  const sending = sent.then(() => run);
  const explained = sending.catch(async (error: unknown) => {
    if (!isChannelError(error)) throw error;
    const ended = await waitAtMost(outcomeTimeoutMs, run);
    if (!ended?.outcome || ended.outcome.status === 'succeeded') throw error;
    return ended;
  });
  const { id, outcome } = await Promise.race([run, explained]);
  if (!outcome) throw notAcceptedError();
  return { id, outcome };
}

/**
 * Returns the channel of a job that sends, and its first frame.
 * @throws ApiError if the job fails before it has sent one
 */
export async function readFirstFrame(operation: Operation, { channel, run }: Transfer) {
  const reading = channel.then(async open => ({ open, frame: await open.read() }));
  const succeeding = run.then(({ id, outcome }) => {
    if (!outcome) throw notAcceptedError();
    resultOf(operation, id, outcome);
    return reading;
  });
  const explained = reading.catch(async (error: unknown) => {
    const ended = await waitAtMost(outcomeTimeoutMs, succeeding);
    if (!ended) throw error;
    return ended;
  });
  return Promise.race([explained, succeeding]);
}

/** Responds with the bytes that the job sends, or with its error if it fails before the first one. */
async function send(ctx: RouteContext, operation: Operation, transfer: Transfer): Promise<void> {
  const { open, frame } = await readFirstFrame(operation, transfer);
  const { status, headers } = readDownloadHead(frame?.message);
  ctx.status = status;
  const isWithBody = status !== 304 && ctx.method !== 'HEAD';
  const body = isWithBody ? new PassThrough() : undefined;
  // Koa derives headers from the body; the worker's headers below replace them.
  ctx.body = status === 304 ? null : (body ?? '');
  if (status !== 304) ctx.type = operation.download?.type ?? 'application/octet-stream';
  if (status !== 304) ctx.remove('Content-Length');
  ctx.set({ ...headers, 'Cache-Control': 'no-store' });
  // The response continues after this function has returned. It ends early if the transfer fails.
  if (body) void pump(open, body, transfer.run).catch(() => ctx.res.destroy());
}

/** Writes the bytes of a channel as fast as they are read. @throws ApiError if the channel breaks */
async function pump(channel: OpenedChannel, body: PassThrough, run: Promise<DispatchedJob>): Promise<void> {
  for (let frame = await channel.read(); frame; frame = await channel.read()) {
    if (frame.bytes && !body.write(frame.bytes)) await once(body, 'drain', { signal: channel.signal });
  }
  await awaitOutcome(run);
  body.end();
}

/** Waits for the outcome of a job that has sent everything: the end of the response would cancel it. */
export async function awaitOutcome(run: Promise<DispatchedJob>): Promise<void> {
  await waitAtMost(
    outcomeTimeoutMs,
    run.catch(() => undefined),
  );
}
