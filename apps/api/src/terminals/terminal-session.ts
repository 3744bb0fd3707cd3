import type { AwaitedCall, DispatchedJob } from '@podman-api/cluster';
import { ApiError, toApiError } from '@podman-api/errors';
import { isEndStatus, type JobView, type OpenedChannel, type Outcome } from '@podman-api/jobs';
import { containerOperations, OutputFrames, parseTerminalReport, type TerminalReport, type TerminalRequest } from '@podman-api/operations';
import { type OutputChunk, rejectOnAbort, waitAtMost } from '@podman-api/runtime';
import type { AppParts } from '../parts.ts';
import { createJobChannel, isChannelError, outcomeTimeoutMs } from '../request/job-channel.ts';
import { resultOf, waitTimeoutError } from '../routes/operations/outcome.ts';

/** Time limit for the worker to join the new connection of a terminal that is taken over, or that had none. */
const attachTimeoutMs = 10_000;

/** Item that a terminal sends: a piece of output, or a message. */
export type TerminalEvent =
  | { readonly output: OutputChunk; readonly report?: never }
  | { readonly report: TerminalReport; readonly output?: never };

/** A connection to a terminal: the API's end of the channel of its job. */
export interface TerminalSession {
  /** Id of the job, by which another connection can continue the terminal. */
  readonly id: string;
  /**
   * Yields the messages and the output of the terminal until the exit code was sent; read it once.
   * @throws ApiError the error of the job, or of the connection
   */
  events(): AsyncGenerator<TerminalEvent>;
  /** Sends bytes to the command's stdin. Resolves when more can be sent. */
  write(bytes: Uint8Array): Promise<void>;
  send(request: TerminalRequest): Promise<void>;
  /** Ends the connection. The command runs on for `reconnect_timeout`, or until `cancel`. */
  close(): Promise<void>;
  /** Ends the command in the container. */
  cancel(): Promise<void>;
}

/** Parameters for opening a terminal. */
export interface TerminalStart extends Pick<AwaitedCall, 'request_id' | 'token' | 'quotas'> {
  /** Name of the container, an id or the beginning of an id. */
  readonly container: string;
  /** The validated input of the operation. */
  readonly input: object;
  /** The node that the caller named, if it did. */
  readonly requestedNode: string | undefined;
  /** Aborted when the client disconnects: the terminal is then not opened. */
  readonly signal: AbortSignal;
}

type TerminalParts = Pick<AppParts, 'jobs' | 'dispatcher' | 'config'>;

/**
 * Opens a terminal: submits its job and resolves when a worker has taken it.
 * @throws ApiError the error of the job: (404) if there is no such container; (408) if no worker took the job in `REQUEST_TIMEOUT`
 */
export async function startTerminal(
  parts: TerminalParts,
  { container, input, requestedNode, signal, ...requester }: TerminalStart,
): Promise<TerminalSession> {
  const { jobs, dispatcher, config } = parts;
  const jobChannel = createJobChannel(jobs);
  const takeTimeout = new AbortController();
  const timer = setTimeout(() => takeTimeout.abort('over'), config.REQUEST_TIMEOUT * 1000);
  // The wait continues for as long as the terminal is connected.
  const waits = AbortSignal.any([signal, takeTimeout.signal]);
  const call: AwaitedCall = {
    ...requester,
    type: containerOperations.terminal,
    input,
    startWait: () => waits,
    onBeforeSubmit: jobChannel.open,
  };
  const run = dispatcher.runOnContainerNode(call, container, requestedNode);
  run.then(explainEarlyEnd).catch(jobChannel.fail);
  try {
    const { id, channel } = await jobChannel.joined;
    clearTimeout(timer);
    return await attach(
      parts,
      id,
      channel,
      undefined,
      run.then(({ outcome }) => outcome),
    );
  } catch (error) {
    clearTimeout(timer);
    takeTimeout.abort('failed');
    await jobChannel.close().catch(() => {});
    throw error;
  }
}

/**
 * Connects to a terminal that was opened before.
 * @param since the position in the output at which to continue; default: with the oldest output that is kept
 * @param isTakeover whether a connection that is still open ends
 * @param signal aborted when the client is gone
 * @throws ApiError (404) if the job is not a terminal, (409) if another connection is open or the terminal has ended, or was taken over
 */
export async function attachTerminal(
  parts: TerminalParts,
  job: JobView,
  { since, isTakeover, signal }: { readonly since: number | undefined; readonly isTakeover: boolean; readonly signal: AbortSignal },
): Promise<TerminalSession> {
  const { jobs } = parts;
  if (job.operation !== containerOperations.terminal.name) throw new ApiError('NotFoundError', `The job ${job.id} is not a terminal.`);
  if (job.outcome) throw terminalEndedError(job);
  const channel = await jobs.openChannel(job.id, !isTakeover);
  const outcome = jobs.await(job.id, signal).then(view => view?.outcome);
  outcome.catch(() => {});
  try {
    const late = AbortSignal.any([signal, AbortSignal.timeout(attachTimeoutMs)]);
    await rejectOnAbort(channel.connected, late, () => terminalEndedError(job));
    return await attach(parts, job.id, channel, since, outcome);
  } catch (error) {
    await channel.close().catch(() => {});
    throw error;
  }
}

async function attach(
  { jobs }: TerminalParts,
  id: string,
  channel: OpenedChannel,
  since: number | undefined,
  outcome: Promise<Outcome | undefined>,
): Promise<TerminalSession> {
  const send = (request: TerminalRequest) => channel.send(request);
  await send({ type: 'attach', ...(since !== undefined && { since }) });
  return {
    id,
    events: () => readEvents(id, channel, outcome),
    write: bytes => channel.write(bytes),
    send,
    close: () => channel.close(),
    cancel: () => jobs.cancel(id),
  };
}

async function* readEvents(id: string, channel: OpenedChannel, outcome: Promise<Outcome | undefined>): AsyncGenerator<TerminalEvent> {
  const frames = new OutputFrames();
  // A worker does not close the channel of a failed job.
  outcome.then(
    ended => {
      if (ended && ended.status !== 'succeeded') void channel.close().catch(() => {});
    },
    () => {},
  );
  try {
    for (let frame = await channel.read(); frame; frame = await channel.read()) {
      if (frame.bytes) for (const output of frames.push(frame.bytes)) yield { output };
      else yield { report: parseTerminalReport(frame.message) };
    }
  } catch (error) {
    // If the channel was interrupted, the job has the reason.
    if (!isChannelError(error)) throw error;
    const ended = await waitAtMost(outcomeTimeoutMs, outcome).catch(toApiError);
    if (ended instanceof ApiError) throw ended;
    if (ended) resultOf(containerOperations.terminal, id, ended);
    throw error;
  }
}

/** Throws the error of a job that ended before a worker joined its channel. */
function explainEarlyEnd({ id, outcome }: DispatchedJob): never {
  if (!outcome) throw waitTimeoutError(id, 'queued');
  resultOf(containerOperations.terminal, id, outcome);
  throw toApiError(new Error('the job of the terminal ended before it joined its channel'));
}

function terminalEndedError({ id, status }: JobView): ApiError {
  const what = isEndStatus(status) ? `has ended (${status})` : 'cannot be connected to now';
  return new ApiError('ConflictError', `The terminal ${id} ${what}: open another.`);
}
