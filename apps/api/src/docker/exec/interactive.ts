import { ApiError } from '@podman-api/errors';
import type { OpenedChannel } from '@podman-api/jobs';
import { OutputFrames, parseTerminalReport, type TerminalRequest } from '@podman-api/operations';
import { dockerMessage } from '../errors.ts';
import { frame, openRawStream, type RawStream, write } from '../hijack.ts';
import { numberField } from '../json.ts';
import type { DockerRequest } from '../route.ts';
import { dayInSeconds, operationNamed, runTask } from '../run-task.ts';
import type { ExecInstance, TerminalSize } from './exec-store.ts';

/** Longest time limit of a terminal: a week, for Docker has none. */
const timeoutSeconds = 604_800;
/** Time for the worker to find the channel, which was opened before its job was submitted. The command ends soon after its client. */
const reconnectSeconds = 1;

/**
 * Runs a command with a terminal or a stdin: its bytes go beside its job, by the job's channel. It is ended when the client disconnects.
 */
export async function startInteractive(request: DockerRequest, instance: ExecInstance): Promise<void> {
  const opened = Promise.withResolvers<OpenedChannel>();
  let channel: OpenedChannel | undefined;
  const ending = runTask(request, operationNamed('container.terminal'), inputOf(instance), {
    isDetached: true,
    extraSeconds: timeoutSeconds + dayInSeconds,
    async onTicket(id) {
      await channel?.close();
      const current = await request.parts.jobs.openChannel(id);
      channel = current;
      current.connected.then(
        () => opened.resolve(current),
        () => {},
      );
    },
  });
  const ended = ending.then(
    result => {
      instance.exitCode = numberField(result, 'exit_code') ?? null;
      instance.status = 'exited';
    },
    (error: unknown) => {
      instance.status = 'exited';
      opened.reject(error);
      throw error;
    },
  );
  ended.catch(() => {});
  const accepted = await opened.promise.catch(async (error: unknown) => {
    await channel?.close().catch(() => {});
    throw error;
  });
  const stream = openRawStream(request.ctx, instance.tty);
  const close = () => accepted.close().catch(() => {});
  if (stream.signal.aborted || request.parts.stopping.aborted) void close();
  stream.signal.addEventListener('abort', close, { once: true });
  request.parts.stopping.addEventListener('abort', close, { once: true });
  instance.resize = size => accepted.send({ type: 'resize', ...size } satisfies TerminalRequest);
  // The response goes on after this function has returned.
  void converse(instance, accepted, stream)
    .catch(() => {})
    .then(() => ended)
    .catch((error: unknown) => sayWhy(error, instance, stream))
    .finally(() => {
      request.parts.stopping.removeEventListener('abort', close);
      instance.resize = undefined;
      stream.output.end();
      return close();
    });
}

function inputOf({ containerId, command, tty, hasStdin, environment, user, workDir, size }: ExecInstance): object {
  return {
    name: containerId,
    command,
    tty,
    stdin: hasStdin,
    timeout: timeoutSeconds,
    reconnect_timeout: reconnectSeconds,
    ...(size && { cols: size.cols, rows: size.rows }),
    ...(environment && { environment }),
    ...(user !== undefined && { user }),
    ...(workDir !== undefined && { work_dir: workDir }),
  };
}

/** Passes bytes on in both directions until the command has ended. */
async function converse(instance: ExecInstance, channel: OpenedChannel, { output, input, signal }: RawStream): Promise<void> {
  await channel.send({ type: 'attach' } satisfies TerminalRequest);
  if (instance.hasStdin) void sendInput(channel, input).catch(() => {});
  else input?.resume();
  const frames = new OutputFrames();
  for (let part = await channel.read(); part; part = await channel.read()) {
    if (part.message) {
      if (parseTerminalReport(part.message).type === 'exit') return;
      continue;
    }
    // A worker frames output as Docker does; a terminal has no frames.
    if (!instance.tty) await write(output, part.bytes, signal);
    else for (const { bytes } of frames.push(part.bytes)) await write(output, bytes, signal);
  }
}

/** Sends what the client types. Its end is the end of the command's stdin. */
async function sendInput(channel: OpenedChannel, input: RawStream['input']): Promise<void> {
  if (input) for await (const bytes of input.iterator({ destroyOnReturn: false })) await channel.write(bytes);
  await channel.send({ type: 'end_stdin' } satisfies TerminalRequest);
}

/** Tells the user why a command has no exit code. */
function sayWhy(error: unknown, { tty }: ExecInstance, { output }: RawStream): void {
  if (!(error instanceof ApiError) || !output.writable) return;
  const bytes = Buffer.from(`${dockerMessage(error.message)}\r\n`);
  output.write(tty ? bytes : frame('stderr', bytes));
}

/** Sets the size of the terminal of a command that runs. */
export async function resizeExec({ status, resize }: ExecInstance, size: TerminalSize): Promise<void> {
  if (status !== 'running' || !resize) throw new ApiError('ConflictError', 'The command does not run: start it first.');
  await resize(size);
}
