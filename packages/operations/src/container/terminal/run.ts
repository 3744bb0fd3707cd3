import { JobOutcomeError } from '@podman-api/errors';
import type { Podman, RunningCommand } from '@podman-api/podman';
import { type ChunkSink, LongLivedPromise } from '@podman-api/runtime';
import type { TaskContext } from '../../operation.ts';
import { environmentStrings } from '../../schemas/environment.ts';
import { toExecEnd } from '../exec/result.ts';
import { argvOf, endReason } from '../exec/run.ts';
import { jobMarker } from '../job-processes.ts';
import { joinWithin, serveAttachment } from './attachments.ts';
import type { TerminalInput } from './input.ts';
import { interactiveLimit } from './interactive-limit.ts';
import { PendingInput } from './pending-input.ts';
import { ReplayBuffer } from './replay-buffer.ts';

/** Maximum output that is kept for a client that reconnects, and that may wait to be sent. */
const maxReplayBytes = 256 * 1024;

/** Matches a string of one word that a shell would not change. It runs as a program: in a query it looks the same as a list of one word. */
const plainWord = /^[\w./+-]+$/;

const defaultReconnectSeconds = 60;
const defaultSize = { cols: 80, rows: 24 } as const;

/** Outcome of the command of a terminal. */
export interface TerminalEnd {
  /** The observed exit code; `null` if none was observed. */
  readonly exit_code: number | null;
  readonly duration_ms: number;
}

/**
 * Runs a command for a client that is connected by the job's channel, or connects again after the channel was broken. The
 * command is ended if no client is connected for longer than `reconnect_timeout`.
 * @throws ApiError (503) if there are too many; PodmanFault if podman failed for another reason than the command; the reason of the
 * signal if the command was ended
 */
export async function runTerminal(podman: Podman, input: TerminalInput, context: TaskContext): Promise<TerminalEnd> {
  const startedAtMs = performance.now();
  const reconnectSeconds = input.reconnect_timeout ?? defaultReconnectSeconds;
  const output = new ReplayBuffer(maxReplayBytes);
  const abandoned = new AbortController();
  const started = Promise.withResolvers<RunningCommand>();
  const signal = AbortSignal.any([context.signal, abandoned.signal]);
  let hasEnded = false;
  const run = () => runCommand(podman, input, { ...context, signal }, output.write, started.resolve);
  const ended = interactiveLimit.run(context, run).then(exitCode => {
    hasEnded = true;
    output.end();
    return exitCode;
  });
  const failed = new LongLivedPromise(ended.then(() => new Promise<never>(() => {})));
  const terminal = {
    output,
    input: new PendingInput(),
    tty: input.tty ?? true,
    exitCode: ended,
    running: Promise.race([started.promise, ended.then(() => endedCommand)]),
  };
  terminal.running.catch(() => {});

  const over = new AbortController();
  const untilOver = AbortSignal.any([signal, over.signal]);
  try {
    for (let isSent = false; !isSent; ) {
      const channel = await failed.race(joinWithin(() => context.channel(), reconnectSeconds * 1000, untilOver));
      if (!channel) break;
      const serving = serveAttachment(terminal, channel).then(
        () => true,
        // The channel is broken, so only a new one can be used.
        () =>
          channel.close().then(
            () => false,
            () => false,
          ),
      );
      isSent = await failed.race(serving);
    }
    if (!hasEnded) abandoned.abort(abandonedError(reconnectSeconds));
    return { exit_code: await ended, duration_ms: Math.round(performance.now() - startedAtMs) };
  } finally {
    over.abort('over');
  }
}

/** Runs the command to its end. @returns its exit code */
async function runCommand(
  podman: Podman,
  { name, command = ['sh'], tty = true, user, work_dir, stdin = true, ...input }: TerminalInput,
  context: TaskContext,
  onOutput: ChunkSink,
  onStarted: (command: RunningCommand) => void,
): Promise<number | null> {
  const { marker, options } = jobMarker(podman, name, context);
  const size = { cols: input.cols ?? defaultSize.cols, rows: input.rows ?? defaultSize.rows };
  const result = await podman.execInteractive(
    {
      container: name,
      argv: typeof command === 'string' && plainWord.test(command) ? [command] : argvOf(command),
      user,
      workDir: work_dir,
      environment: environmentStrings(input.environment),
      marker,
      terminal: tty ? size : undefined,
      hasStdin: stdin,
    },
    { ...options, onOutput, onStarted },
  );
  const { exit_code } = toExecEnd(result, 0);
  if (result.faultText) await onOutput('stderr', result.faultText);
  if (result.exitCode === null) throw endReason(context.signal);
  return exit_code;
}

/** The command has ended and reads no more input. */
const endedCommand: RunningCommand = {
  write: async () => {},
  endStdin() {},
  resize: async () => {},
  signal: async () => {},
};

function abandonedError(seconds: number): JobOutcomeError {
  const when = seconds === 0 ? 'when its client had disconnected' : `because no client was connected for ${seconds} s`;
  return new JobOutcomeError('cancelled', `The terminal was closed ${when}; its command was ended in the container too.`);
}
