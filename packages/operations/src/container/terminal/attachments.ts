import { setTimeout as delay } from 'node:timers/promises';
import type { RunningCommand } from '@podman-api/podman';
import type { ByteChannel } from '@podman-api/runtime';
import { parseTerminalRequest, type TerminalReport, type TerminalRequest } from './messages.ts';
import { packOutput } from './output-frames.ts';
import type { PendingInput } from './pending-input.ts';
import type { ReplayBuffer } from './replay-buffer.ts';

/** Interval at which a terminal without a connection looks for a new one. */
const joinIntervalMs = 250;

/** A terminal whose command runs, or is being started. */
export interface AttachableTerminal {
  readonly output: ReplayBuffer;
  readonly input: PendingInput;
  /** Whether it is a terminal; otherwise stdout and stderr are kept apart. */
  readonly tty: boolean;
  /** Resolves when the command has started. */
  readonly running: Promise<RunningCommand>;
  /** Resolves with the exit code when the command has ended; rejects if it has failed. `output` has ended then. */
  readonly exitCode: Promise<number | null>;
}

/**
 * Joins the channel of a job; retries until there is one.
 * @param timeoutMs time limit of the retries
 * @returns `undefined` if there was none in this time, or the signal was aborted
 */
export async function joinWithin(
  join: () => Promise<ByteChannel>,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<ByteChannel | undefined> {
  // Counted by attempts: an attempt waits while Redis is unavailable, and clients can connect only after that.
  for (let waitedMs = 0; !signal.aborted; waitedMs += joinIntervalMs) {
    const channel = await join().catch(() => undefined);
    if (channel || waitedMs >= timeoutMs) return channel;
    await delay(joinIntervalMs, undefined, { signal }).catch(() => {});
  }
  return undefined;
}

/**
 * Serves one connection of a terminal until all output and the exit code are sent.
 * @throws ApiError if the channel breaks before, and what `exitCode` rejects with
 */
export async function serveAttachment(terminal: AttachableTerminal, channel: ByteChannel): Promise<void> {
  const first = await readRequest(channel);
  const since = first?.type === 'attach' ? first.since : undefined;
  const running = await terminal.running;
  const receiving = receive(running, terminal.input, channel);
  // When the job has ended, the API still reads what was sent.
  receiving.catch(() => (channel.signal.aborted ? undefined : channel.close())).catch(() => {});
  const offset = terminal.output.firstOffset(since);
  await report(channel, { type: 'ready', offset, tty: terminal.tty });
  for await (const chunk of terminal.output.read(offset, channel.signal)) await channel.write(packOutput(chunk));
  channel.signal.throwIfAborted();
  await report(channel, { type: 'exit', exit_code: await terminal.exitCode });
  await channel.end();
}

async function receive(running: RunningCommand, input: PendingInput, channel: ByteChannel): Promise<void> {
  for (let frame = await channel.read(); frame; frame = await channel.read()) {
    const { bytes } = frame;
    if (bytes) await input.write(running, bytes, channel.signal);
    else await handleRequest(running, parseTerminalRequest(frame.message));
  }
}

async function handleRequest(running: RunningCommand, request: TerminalRequest): Promise<void> {
  if (request.type === 'resize') await running.resize(request);
  else if (request.type === 'end_stdin') running.endStdin();
  else if (request.type === 'signal') await running.signal(request.signal);
}

async function readRequest(channel: ByteChannel): Promise<TerminalRequest | undefined> {
  const frame = await channel.read();
  return frame?.message && parseTerminalRequest(frame.message);
}

async function report(channel: ByteChannel, message: TerminalReport): Promise<void> {
  await channel.send(message);
}
