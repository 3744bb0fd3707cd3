import {
  createEventPublisher,
  type EventPublisher,
  type NodeAllocations,
  type NodeDirectory,
  openNodeAllocations,
  openNodeDirectory,
  openPoolLease,
  openPoolStore,
  type PoolLease,
  type PoolStore,
  releaseAfterEnd,
  startHeartbeatPublisher,
  type WorkerReport,
} from '@podman-api/cluster';
import { type Consumer, type ConsumerOptions, consume, createSeal, type EndedJob, type EndHooks } from '@podman-api/jobs';
import { findTask, taskNames } from '@podman-api/operations';
import { createBlockingClient, onReconnect } from '@podman-api/redis';
import type { RedisAddress } from '@podman-api/runtime';
import { createFleetJobCounter } from '@podman-api/stats';

/** Options of `startWorkerBackend`. */
export interface WorkerBackendOptions extends Omit<ConsumerOptions, 'redis' | 'subscriber' | 'types' | 'hooks' | 'worker'> {
  readonly redisAddress: RedisAddress;
  /** Called with each job that this process ends. */
  readonly onEnd: EndHooks['onEnd'];
  /** Creates the report for each heartbeat. */
  readonly report: () => WorkerReport;
}

/** The part of a worker process that uses Redis: jobs, heartbeats, the directory and counters. */
export interface WorkerBackend extends Pick<Consumer, 'drain' | 'cancelAll'> {
  readonly directory: NodeDirectory;
  readonly events: EventPublisher;
  readonly allocations: NodeAllocations;
  readonly pools: { readonly store: PoolStore; readonly lease: PoolLease };
  /** Sends a heartbeat now. */
  publishHeartbeat(): void;
  /** Registers a callback for each reconnection, after which Redis may have lost the last acknowledged writes. */
  onReconnect(listener: () => void): void;
  /** Stops heartbeats and counters, and disconnects from Redis. */
  close(): Promise<void>;
}

/** Starts taking jobs, and connects the packages with each other and with Redis. */
export function startWorkerBackend({ redisAddress, onEnd, report, ...options }: WorkerBackendOptions): WorkerBackend {
  const redis = createBlockingClient(redisAddress);
  const subscriber = createBlockingClient(redisAddress);
  const counter = createFleetJobCounter(redis, taskNames);
  const onStored = async (ended: EndedJob, isStored: boolean) => {
    if (isStored) counter.count(ended);
    await releaseAfterEnd(redis, ended);
  };
  const consumer = consume({ ...options, redis, subscriber, types: findTask, hooks: { onEnd, onStored }, worker: report().id });
  const heartbeat = startHeartbeatPublisher(redis, report);
  return {
    directory: openNodeDirectory({ redis, readState: consumer.readState }, options.node),
    events: createEventPublisher(redis, options.node),
    allocations: openNodeAllocations({ redis, readState: consumer.readState }, options.node),
    pools: { store: openPoolStore(redis, createSeal(options.secretKeys)), lease: openPoolLease(redis, options.node, report().id) },
    publishHeartbeat: heartbeat.publish,
    onReconnect: listener => onReconnect(redis, listener),
    async drain() {
      heartbeat.publish();
      await consumer.drain();
    },
    cancelAll: consumer.cancelAll,
    async close() {
      consumer.stop();
      await Promise.all([heartbeat.stop(), counter.stop()]);
      redis.disconnect();
      subscriber.disconnect();
    },
  };
}
