import { setTimeout as delay } from 'node:timers/promises';
import { ApiError } from '@podman-api/errors';
import type { OpenedChannel } from '@podman-api/jobs';
import { maxStreamSeconds, OutputFrames, parseTerminalReport, type RequestedTask, type TerminalRequest } from '@podman-api/operations';
import { createJobChannel } from '../request/job-channel.ts';
import { onResponseEnd } from '../request/response-end.ts';
import { errorOutput, type RawStream, write } from './hijack.ts';
import type { DockerRequest } from './route.ts';
import { dayInSeconds, runTask } from './run-task.ts';

/** A job whose channel carries the bytes of a Docker client in both directions. */
export interface StreamingJob<Result extends object = object> {
  readonly channel: OpenedChannel;
  /** Resolves with the result of the job. */
  readonly ended: Promise<Result>;
}

/**
 * Submits a job with a channel, and waits until a worker has joined it.
 * @throws ApiError if no worker joins it; the error of the job, if it ends before
 */
export async function startStreamingJob<Input extends object, Result extends object>(
  request: DockerRequest,
  task: RequestedTask<Input, Result>,
  input: NoInfer<Input>,
): Promise<StreamingJob<Result>> {
  const jobChannel = createJobChannel(request.parts.jobs);
  const ended = runTask(request, task, input, {
    isDetached: true,
    extraSeconds: maxStreamSeconds + dayInSeconds,
    onBeforeSubmit: jobChannel.open,
  });
  ended.catch(jobChannel.fail);
  // The job continues without its client, but a worker that joins it then finds no channel.
  const removeListener = onResponseEnd(request.ctx, () =>
    jobChannel.fail(new ApiError('ServiceUnavailableError', 'The client has disconnected.')),
  );
  try {
    const { channel } = await jobChannel.joined;
    return { channel, ended };
  } catch (error) {
    await jobChannel.close().catch(() => {});
    throw error;
  } finally {
    removeListener();
  }
}

/**
 * Waits for the first message of a job, which reports that it is ready.
 * @returns whether its output is that of a terminal
 * @throws ApiError the error of a job that has failed before
 */
export async function readReady({ channel, ended }: StreamingJob): Promise<{ readonly isTerminal: boolean }> {
  const read = channel.read().catch(() => undefined);
  const first = await Promise.race([read, ended.then(() => read)]).catch(async (error: unknown) => {
    await channel.close().catch(() => {});
    throw error;
  });
  const report = first?.message && parseTerminalReport(first.message);
  if (report?.type === 'ready') return { isTerminal: report.tty };
  await channel.close().catch(() => {});
  await ended;
  throw new ApiError('ServiceUnavailableError', 'The worker died while it started the job: check the status of the container.');
}

/**
 * Passes bytes on until the job has ended or the client has disconnected; then closes the channel and the stream. An error of the job
 * is shown to the client.
 */
export async function serveStreamingJob(
  { parts: { stopping } }: DockerRequest,
  { channel, ended }: StreamingJob,
  stream: RawStream,
  options: StreamingOptions,
): Promise<void> {
  const close = () => void channel.close().catch(() => {});
  const closeSignal = AbortSignal.any([stream.signal, stopping]);
  closeSignal.addEventListener('abort', close, { once: true });
  if (closeSignal.aborted) close();
  // A job that fails does not end its channel.
  ended.catch(close);
  try {
    // If it breaks, the outcome of the job has the reason.
    await pipeStreams(channel, stream, options).catch(() => {});
    if (!closeSignal.aborted) await ended;
  } catch (error) {
    if (error instanceof ApiError && stream.output.writable) stream.output.write(errorOutput(error.message, options.isTerminal));
  } finally {
    closeSignal.removeEventListener('abort', close);
    stream.close();
    close();
  }
}

/** Time in which a terminal whose client has ended its input may send its last output. */
const closeDelayMs = 5000;

/** Options for passing on bytes between a client and a job. */
export interface StreamingOptions {
  /** Whether the output has no frames, because it is that of a terminal. */
  readonly isTerminal: boolean;
  readonly hasStdin: boolean;
}

/** Passes bytes on in both directions until the job has sent all output. */
async function pipeStreams(channel: OpenedChannel, stream: RawStream, { isTerminal, hasStdin }: StreamingOptions): Promise<void> {
  const { output, input, signal } = stream;
  if (hasStdin) {
    const closeLater = async () => {
      await delay(closeDelayMs, undefined, { ref: false });
      await channel.close();
    };
    // A terminal's stdin never ends, so its end means that the client has disconnected.
    const sent = sendInput(channel, input).then(isTerminal && input ? closeLater : undefined);
    sent.catch(() => {});
  }
  if (!hasStdin) input?.resume();
  const frames = new OutputFrames();
  for (let part = await channel.read(); part; part = await channel.read()) {
    if (part.message) {
      if (parseTerminalReport(part.message).type === 'exit') return;
      continue;
    }
    // The channel has the same frames as Docker. Only complete ones are written, so that no error message splits a frame.
    if (isTerminal) for (const { bytes } of frames.push(part.bytes)) await write(output, bytes, signal);
    else await write(output, frames.pushPacked(part.bytes), signal);
  }
}

/** Sends the client's input. Its end is the end of the command's stdin. */
async function sendInput(channel: OpenedChannel, input: RawStream['input']): Promise<void> {
  if (input) for await (const bytes of input.iterator({ destroyOnReturn: false })) await channel.write(bytes);
  await channel.send({ type: 'end_stdin' } satisfies TerminalRequest);
}
