import Joi from 'joi';
import { maxStreamSeconds } from '../../max-stream-seconds.ts';
import type { StreamMessage } from '../../operation.ts';
import { containerName } from '../../schemas/names.ts';
import { shape } from '../../schemas/shape.ts';
import { defineContainerOperation } from '../define-container-operation.ts';
import { watchEnd } from '../following/end-watch.ts';
import { followInput, type LogsInput, logsHeaders, rangeOf } from './input.ts';
import { createLogEvents, formatPosition, type LogPosition, parsePosition } from './log-events.ts';

/** Result of a job that follows a log. */
interface FollowedLog {
  readonly name: string;
  readonly exit_code: number | null;
}

/** Streams a container's log until the container stops. */
export const followLogs = defineContainerOperation<LogsInput, FollowedLog>({
  name: 'container.follow_logs',
  method: 'GET',
  path: '/containers/:name/logs',
  scope: 'containers:read',
  query: ['tail', 'since', 'timestamps', 'follow'],
  headers: logsHeaders,
  input: followInput,
  lane: 'waits',
  timeout: () => maxStreamSeconds,
  noun: 'container',
  summary: 'Streams the log of a container',
  results: {
    200: shape<FollowedLog>('FollowedLog', { name: containerName(), exit_code: Joi.number().integer().allow(null) }),
  },
  example: { input: { name: 'web', follow: true }, result: { name: 'web', exit_code: 0 } },
  async run(podman, input, context) {
    const { name, timestamps = false, last_event_id: lastId } = input;
    const after = lastId === undefined ? startPosition(input) : parsePosition(lastId);
    const watch = await watchEnd(podman, name, context);
    try {
      const channel = await context.channel();
      const send = (message: StreamMessage) => channel.send(message);
      const events = createLogEvents(timestamps, lastId === undefined ? undefined : after);
      await send({ events: [{ id: after ? formatPosition(after) : '', event: 'ping', data: {} }] });
      const { tail, since } = rangeOf(input);
      // Begins with the records of that time, so that their number shows whether some are missing.
      const query = lastId === undefined || !after ? { tail, since } : { tail: 'all' as const, since: after.timeNs - 1n };
      const signal = AbortSignal.any([watch.signal, channel.signal]);
      await podman.followLog(
        watch.id,
        query,
        async batch => {
          const taken = events.toEvents(batch);
          if (taken.length > 0) await send({ events: taken });
        },
        { ended: watch.ended, signal },
      );
      const { exitCode } = watch;
      await send({ events: [{ id: events.id, event: 'exit', data: { exit_code: exitCode } }] });
      await channel.end();
      return { name: watch.name, exit_code: exitCode };
    } finally {
      watch.close();
    }
  },
});

/** Returns the position at which a reader without any line yet continues; `undefined` if it must read the last lines again. */
function startPosition({ tail }: LogsInput): LogPosition | undefined {
  return tail === '0' ? { timeNs: BigInt(Date.now()) * 1_000_000n, count: 0 } : undefined;
}
