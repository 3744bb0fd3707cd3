import { ApiError } from '@podman-api/errors';
import type { TerminalRequest } from '@podman-api/operations';
import { conversationSeconds, converse, startConversation, type TerminalSize } from '../conversation.ts';
import { errorOutput, openRawStream } from '../hijack.ts';
import { numberField } from '../json.ts';
import type { DockerRequest } from '../route.ts';
import { operationNamed } from '../run-task.ts';
import type { ExecInstance } from './exec-store.ts';

/** Time for the worker to find the channel, which was opened before its job was submitted. The command ends soon after its client. */
const reconnectSeconds = 1;

/**
 * Runs a command with a terminal or a stdin: its bytes go beside its job, by the job's channel. It is ended when the client disconnects.
 */
export async function startInteractive(request: DockerRequest, instance: ExecInstance): Promise<void> {
  const { channel, ended } = await startConversation(request, operationNamed('container.terminal'), inputOf(instance)).catch(
    (error: unknown) => {
      instance.status = 'exited';
      throw error;
    },
  );
  const noted = ended
    .then(result => {
      instance.exitCode = numberField(result, 'exit_code') ?? null;
    })
    .finally(() => {
      instance.status = 'exited';
    });
  noted.catch(() => {});
  const stream = openRawStream(request, instance.tty);
  const close = () => channel.close().catch(() => {});
  const { stopping } = request.parts;
  if (stream.signal.aborted || stopping.aborted) void close();
  stream.signal.addEventListener('abort', close, { once: true });
  stopping.addEventListener('abort', close, { once: true });
  instance.resize = size => channel.send({ type: 'resize', ...size } satisfies TerminalRequest);
  // The response goes on after this function has returned.
  void channel
    .send({ type: 'attach' } satisfies TerminalRequest)
    .then(() => converse(channel, stream, { isTerminal: instance.tty, hasStdin: instance.hasStdin }))
    .catch(() => {})
    .then(() => noted)
    .catch((error: unknown) => {
      if (error instanceof ApiError && stream.output.writable) stream.output.write(errorOutput(error.message, instance.tty));
    })
    .finally(() => {
      stopping.removeEventListener('abort', close);
      instance.resize = undefined;
      stream.close();
      return close();
    });
}

function inputOf({ containerId, command, tty, hasStdin, environment, user, workDir, size }: ExecInstance): object {
  return {
    name: containerId,
    command,
    tty,
    stdin: hasStdin,
    timeout: conversationSeconds,
    reconnect_timeout: reconnectSeconds,
    ...(size && { cols: size.cols, rows: size.rows }),
    ...(environment && { environment }),
    ...(user !== undefined && { user }),
    ...(workDir !== undefined && { work_dir: workDir }),
  };
}

/** Sets the size of the terminal of a command that runs. */
export async function resizeExec({ status, resize }: ExecInstance, size: TerminalSize): Promise<void> {
  if (status !== 'running' || !resize) throw new ApiError('ConflictError', 'The command does not run: start it first.');
  await resize(size);
}
