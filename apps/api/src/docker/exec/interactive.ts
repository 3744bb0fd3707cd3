import { ApiError } from '@podman-api/errors';
import { containerOperations, maxStreamSeconds, type TerminalRequest, type TerminalSize } from '@podman-api/operations';
import { openRawStream } from '../hijack.ts';
import type { DockerRequest } from '../route.ts';
import { serveStreamingJob, startStreamingJob } from '../streaming-job.ts';
import type { ExecInstance } from './exec-store.ts';

/** Time for the worker to find the channel, which was opened before its job was submitted. The command ends soon after its client. */
const reconnectSeconds = 1;

/**
 * Runs a command with a terminal or a stdin: its bytes go through the channel of its job. It is ended when the client disconnects.
 */
export async function startInteractive(request: DockerRequest, instance: ExecInstance): Promise<void> {
  const { channel, ended } = await startStreamingJob(request, containerOperations.terminal, inputOf(instance)).catch((error: unknown) => {
    instance.status = 'exited';
    throw error;
  });
  // Clients ask for the exit code at the end of the stream.
  const recorded = ended
    .then(result => {
      instance.exitCode = result.exit_code;
      return result;
    })
    .finally(() => {
      instance.status = 'exited';
    });
  recorded.catch(() => {});
  const stream = openRawStream(request, instance.tty);
  instance.resize = size => channel.send({ type: 'resize', ...size } satisfies TerminalRequest);
  await channel.send({ type: 'attach' } satisfies TerminalRequest).catch(() => {});
  // The response continues after this function has returned.
  void serveStreamingJob(request, { channel, ended: recorded }, stream, { isTerminal: instance.tty, hasStdin: instance.hasStdin }).finally(
    () => {
      instance.resize = undefined;
    },
  );
}

function inputOf({ containerId, command, tty, hasStdin, environment, user, workDir, size }: ExecInstance) {
  return {
    name: containerId,
    command,
    tty,
    stdin: hasStdin,
    timeout: maxStreamSeconds,
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
