import { setTimeout as delay } from 'node:timers/promises';
import type { FollowedRecord, Podman } from '@podman-api/podman';
import type { StreamName } from '@podman-api/runtime';
import Joi from 'joi';
import { watchEnd } from '../container/following/end-watch.ts';
import { logTime, parseLogTime } from '../container/logs/log-time.ts';
import { packOutput } from '../container/terminal/output-frames.ts';
import { defineRequestedTask } from '../define.ts';
import { maxStreamSeconds } from '../max-stream-seconds.ts';
import type { TaskContext } from '../operation.ts';
import { containerName } from '../schemas/names.ts';
import { findContainer } from './find-container.ts';

/** Which part of a log a client wants. */
export interface DockerLogsInput {
  readonly name: string;
  /** Which of the two streams. */
  readonly streams: readonly StreamName[];
  /** Lines from the end, of both streams; default: all. */
  readonly tail?: number;
  readonly since?: string;
  readonly until?: string;
  readonly timestamps: boolean;
  /** Whether to continue until the container has ended, or `until` has come; no effect if it has passed. */
  readonly follow: boolean;
}

const newline = 0x0a;

/**
 * Sends the log of a container, in frames as `packOutput` makes them, on the job's channel: after a message `{"type": "ready"}` that
 * says whether it is that of a terminal, and before a message `{"type": "exit"}`.
 */
export const dockerLogs = defineRequestedTask<DockerLogsInput>({
  name: 'docker.logs',
  scope: 'containers:read',
  reach: 'container',
  input: Joi.object<DockerLogsInput>({
    name: containerName().required(),
    streams: Joi.array().items(Joi.valid('stdout', 'stderr')).min(1).max(2).required(),
    tail: Joi.number().integer().min(0).max(999_999_999),
    since: logTime(),
    until: logTime(),
    timestamps: Joi.boolean().required(),
    follow: Joi.boolean().required(),
  }),
  lane: 'waits',
  changes: () => false,
  timeout: () => maxStreamSeconds,
  run: sendLogs,
});

async function sendLogs(podman: Podman, input: DockerLogsInput, context: TaskContext): Promise<object> {
  const entry = await findContainer(podman, input.name, context);
  const nowMs = Date.now();
  const [since, until] = [input.since, input.until].map(text => (text === undefined ? undefined : parseLogTime(text, nowMs)));
  // Without a follower whose end could come before it has read the stored log.
  const isFollowed = input.follow && (until === undefined || timeUntil(until, nowMs) > 0);
  const watch = isFollowed ? await watchEnd(podman, entry.Id, context) : undefined;
  const over = new AbortController();
  try {
    const channel = await context.channel();
    await channel.send({ type: 'ready', offset: 0, tty: entry.Config.Tty ?? false });
    const pack = createPacker(input, until);
    const signal = AbortSignal.any([watch?.signal ?? context.signal, channel.signal]);
    const ended = AbortSignal.any([watch?.ended ?? AbortSignal.abort('not followed'), over.signal]);
    if (until !== undefined)
      void delay(timeUntil(until, nowMs), undefined, { signal: ended }).then(
        () => over.abort('until'),
        () => {},
      );
    // A container that was never started may have no log yet.
    if (Date.parse(entry.State.StartedAt) > 0 || watch?.ended.aborted === false)
      await podman.followLog(
        entry.Id,
        { tail: input.tail ?? 'all', since },
        async ({ records }) => {
          const bytes = pack(records);
          if (bytes.length > 0) await channel.write(bytes);
        },
        { ended, signal },
      );
    await channel.send({ type: 'exit', exit_code: null });
    await channel.end();
    return { exit_code: null };
  } finally {
    over.abort('over');
    watch?.close();
  }
}

/** Returns the ms until a time, at most a week: a timer of Node.js reaches 24 days. */
function timeUntil(timeNs: bigint, nowMs: number): number {
  return Math.min(Math.max(0, Number(timeNs / 1_000_000n) - nowMs), maxStreamSeconds * 1000);
}

/** Creates the function that packs the wanted records of a log. */
function createPacker({ streams, timestamps }: DockerLogsInput, until: bigint | undefined) {
  const isLineOpen = { stdout: false, stderr: false };
  return (records: readonly FollowedRecord[]): Buffer =>
    Buffer.concat(
      records
        .filter(({ stream, timeNs }) => streams.includes(stream) && (until === undefined || timeNs <= until))
        .map(({ stream, time, bytes }) => {
          const prefix = timestamps && !isLineOpen[stream] ? `${time} ` : '';
          isLineOpen[stream] = bytes.at(-1) !== newline;
          return packOutput({ stream, bytes: prefix === '' ? bytes : Buffer.concat([Buffer.from(prefix), bytes]) });
        }),
    );
}
