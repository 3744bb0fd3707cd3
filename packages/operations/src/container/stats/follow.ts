import { setTimeout as delay } from 'node:timers/promises';
import { ApiError } from '@podman-api/errors';
import type { Podman } from '@podman-api/podman';
import { rejectOnAbort } from '@podman-api/runtime';
import Joi from 'joi';
import { maxStreamSeconds } from '../../max-stream-seconds.ts';
import type { StreamMessage } from '../../operation.ts';
import { containerName } from '../../schemas/names.ts';
import { shape } from '../../schemas/shape.ts';
import { defineContainerOperation } from '../define-container-operation.ts';
import { failedFor } from '../failed-for.ts';
import { watchEnd } from '../following/end-watch.ts';
import { type StatsInput, statsInput } from './input.ts';
import { type ContainerStats, notRunningMessage, parseStats, sampleArguments, statsFormat } from './sample.ts';

/** Result of a job that streams the resource usage. */
interface FollowedStats {
  readonly name: string;
  readonly exit_code: number | null;
}

/** Pause before podman is started again if it ends although the container runs. */
const restartDelayMs = 1000;

/** Streams the resource usage of a container until it stops. */
export const followStats = defineContainerOperation<StatsInput, FollowedStats>({
  name: 'container.follow_stats',
  method: 'GET',
  path: '/containers/:name/stats',
  scope: 'containers:read',
  query: ['stream'],
  input: statsInput,
  lane: 'waits',
  timeout: () => maxStreamSeconds,
  noun: 'container',
  summary: 'Streams the resource usage of a container',
  results: {
    200: shape<FollowedStats>('FollowedStats', { name: containerName(), exit_code: Joi.number().integer().allow(null) }),
  },
  example: { input: { name: 'web', stream: true }, result: { name: 'web', exit_code: 0 } },
  async run(podman, { name }, context) {
    const watch = await watchEnd(podman, name, context);
    try {
      if (watch.ended.aborted) throw new ApiError('ConflictError', notRunningMessage);
      const channel = await context.channel();
      const send = (message: StreamMessage) => channel.send(message);
      await send({ events: [{ id: '', event: 'ping', data: {} }] });
      const signal = AbortSignal.any([watch.signal, channel.signal]);
      const sender = createLatestSender(sample => send({ events: [{ id: '', event: 'stats', data: { stats: sample } }] }));
      const end = AbortSignal.any([signal, watch.ended]);
      const args = ['stats', '--no-reset', '--interval=1', statsFormat, '--', watch.id];
      while (!end.aborted) {
        let hasLine = false;
        const onLine = (line: string) => {
          hasLine = true;
          sender.send(parseSample(line));
        };
        await podman.followShared(args, onLine, end);
        if (!hasLine && !end.aborted) await assertStatsSupported(podman, watch.id, end);
        // A podman that looks for a container that was just removed ends before its event has arrived.
        await delay(restartDelayMs, undefined, { signal: end }).catch(() => {});
      }
      await sender.idle();
      signal.throwIfAborted();
      const { exitCode } = watch;
      await send({ events: [{ id: '', event: 'exit', data: { exit_code: exitCode } }] });
      await channel.end();
      return { name: watch.name, exit_code: exitCode };
    } finally {
      watch.close();
    }
  },
});

/**
 * Runs `podman stats` once to find out why the stream of its figures has ended, which `Podman.followShared` does not report. Ignores errors
 * that a retry may not have. All readers of the container share the run.
 * @throws ApiError (ConflictError) if the podman of this node cannot read statistics
 */
async function assertStatsSupported(podman: Pick<Podman, 'shared'>, id: string, signal: AbortSignal): Promise<void> {
  await rejectOnAbort(podman.shared(sampleArguments(id)), signal, () => signal.reason).catch((error: unknown) => {
    if (failedFor('not-supported', error)) throw error;
  });
}

/** Parses a line; `undefined` for one that podman has not finished, or of a container that has stopped. */
function parseSample(line: string): ContainerStats | undefined {
  try {
    return parseStats(line);
  } catch {
    return undefined;
  }
}

/** Sends samples one after the other; those that come while one is being sent are replaced by later ones. */
function createLatestSender(send: (sample: ContainerStats) => Promise<void>) {
  let latest: ContainerStats | undefined;
  let sending: Promise<void> | undefined;
  const sendAll = async () => {
    while (latest) {
      const sample = latest;
      latest = undefined;
      await send(sample);
    }
  };
  return {
    send(sample: ContainerStats | undefined): void {
      if (!sample) return;
      latest = sample;
      // A channel that breaks aborts the signal of the job.
      sending ??= sendAll()
        .catch(() => {})
        .finally(() => {
          sending = undefined;
        });
    },
    /** Resolves when everything is sent. */
    async idle(): Promise<void> {
      await sending;
    },
  };
}
