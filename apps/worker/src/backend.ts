import { type NodeDirectory, openNodeDirectory, releaseAfterEnd, startHeartbeat, type WorkerReport } from '@podman-api/cluster';
import { type Consumer, type ConsumerOptions, consume, type EndedJob, type EndHooks } from '@podman-api/jobs';
import { find, findTask, operations } from '@podman-api/operations';
import { createPatientClient, onReconnect } from '@podman-api/redis';
import type { RedisAddress } from '@podman-api/runtime';
import { countJobs } from '@podman-api/stats';

export interface BackendOptions extends Omit<ConsumerOptions, 'redis' | 'types' | 'hooks' | 'worker'> {
  readonly redisAddress: RedisAddress;
  /** Called with each job that this process ends. */
  readonly onEnd: EndHooks['onEnd'];
  /** What this worker reports of itself with each heartbeat. */
  readonly report: () => WorkerReport;
}

/** What a worker process has in Redis: its jobs, its heartbeats, its node's part of the directory and its counts. */
export interface Backend extends Pick<Consumer, 'drain' | 'cancelAll'> {
  readonly directory: NodeDirectory;
  /** Sends a heartbeat now. */
  beat(): void;
  /** Registers a callback for each moment at which Redis may have lost what it acknowledged last. */
  onReconnect(listener: () => void): void;
  /** Leaves Redis. */
  close(): Promise<void>;
}

/** Starts taking jobs, and connects the packages with each other and with Redis. */
export function startBackend({ redisAddress, onEnd, report, ...options }: BackendOptions): Backend {
  const redis = createPatientClient(redisAddress);
  const counter = countJobs(redis, new Set([...operations, find].map(({ name }) => name)));
  const onStored = async (ended: EndedJob, isStored: boolean) => {
    if (isStored) counter.count(ended);
    await releaseAfterEnd(redis, ended);
  };
  const consumer = consume({ ...options, redis, types: findTask, hooks: { onEnd, onStored }, worker: report().id });
  const heartbeat = startHeartbeat(redis, report);
  return {
    directory: openNodeDirectory({ redis, stateOf: consumer.stateOf }, options.node),
    beat: heartbeat.beat,
    onReconnect: listener => onReconnect(redis, listener),
    async drain() {
      heartbeat.beat();
      await consumer.drain();
    },
    cancelAll: consumer.cancelAll,
    async close() {
      consumer.stop();
      await Promise.all([heartbeat.stop(), counter.stop()]);
      redis.disconnect();
    },
  };
}
