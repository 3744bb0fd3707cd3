import { setTimeout as delay } from 'node:timers/promises';
import type { OpenedChannel } from '@podman-api/jobs';
import { OutputFrames, parseTerminalReport, type RequestedTask, type TerminalRequest } from '@podman-api/operations';
import { type RawStream, write } from './hijack.ts';
import type { DockerRequest } from './route.ts';
import { dayInSeconds, runTask } from './run-task.ts';

/** Longest time limit of a conversation: a week, for Docker has none. */
export const conversationSeconds = 604_800;

/** Width and height of a terminal, in characters. */
export interface TerminalSize {
  readonly cols: number;
  readonly rows: number;
}

/** A job that a client talks to by the job's channel. */
export interface Conversation {
  readonly channel: OpenedChannel;
  /** Resolves with the result of the job. */
  readonly ended: Promise<object>;
}

/**
 * Submits a job with a channel, and waits until a worker has joined it.
 * @throws ApiError why no worker has; and the error of the job, if it ends before
 */
export async function startConversation<Input extends object>(
  request: DockerRequest,
  task: RequestedTask<Input>,
  input: Input,
): Promise<Conversation> {
  const opened = Promise.withResolvers<OpenedChannel>();
  let channel: OpenedChannel | undefined;
  const ended = runTask(request, task, input, {
    isDetached: true,
    extraSeconds: conversationSeconds + dayInSeconds,
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
  ended.catch(opened.reject);
  try {
    return { channel: await opened.promise, ended };
  } catch (error) {
    await channel?.close().catch(() => {});
    throw error;
  }
}

/** Time in which a terminal whose client has ended its input may send its last output. */
const closeDelayMs = 5000;

/** Options for passing on bytes between a client and a job. */
export interface ConversationOptions {
  /** Whether the output has no frames, because it is that of a terminal. */
  readonly isTerminal: boolean;
  readonly hasStdin: boolean;
}

/** Passes bytes on in both directions until the job has sent all output. */
export async function converse(channel: OpenedChannel, stream: RawStream, { isTerminal, hasStdin }: ConversationOptions): Promise<void> {
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
    // A worker frames output as Docker does; a terminal has no frames.
    if (!isTerminal) await write(output, part.bytes, signal);
    else for (const { bytes } of frames.push(part.bytes)) await write(output, bytes, signal);
  }
}

/** Sends the client's input. Its end is the end of the command's stdin. */
async function sendInput(channel: OpenedChannel, input: RawStream['input']): Promise<void> {
  if (input) for await (const bytes of input.iterator({ destroyOnReturn: false })) await channel.write(bytes);
  await channel.send({ type: 'end_stdin' } satisfies TerminalRequest);
}
