import { once } from 'node:events';
import { createBlockingClient, createFailFastClient, type RedisClient } from '@podman-api/redis';
import { readConfig } from '@podman-api/runtime';
import { createJobs, type Jobs, type JobType, type WorkerWatch } from '../src/index.ts';

export const secretKeys = ['a key of these tests, long enough'] as const;
export const limits = { resultTtlSeconds: 60, maxQueue: 10, maxQueueBytes: 1_000_000, outputSpaceBytes: 1_000_000 };
export const hooks = { onEnd: () => {}, onStored: async () => {} };

/** Job types of the tests: a command that must not run twice, and a read. */
export const command: JobType = { name: 'test.change', lane: 'commands', secrets: [], isRepeatable: false, changes: () => true };
export const read: JobType = { name: 'test.read', lane: 'reads', secrets: [], isRepeatable: true, changes: () => false };
export const types = (name: string) => [command, read].find(type => type.name === name);

/** A fleet whose workers never die. */
export const livingWorkers: WorkerWatch = {
  isRedisAvailable: true,
  nodes: { has: () => true },
  deadWorkers: [],
  isDead: () => false,
  canTakeJobs: () => true,
  isAbandoned: () => false,
  onRefresh: () => {},
  forgetWorker: async () => {},
};

/** The jobs of an API process, and connections to its Redis. */
export interface TestJobs {
  readonly jobs: Jobs;
  /** A connection that waits for Redis. */
  readonly redis: RedisClient;
  /** A connection used only for subscriptions. */
  readonly subscriber: RedisClient;
  stop(): void;
}

/** Connects to a Redis. @param isShared whether several tokens share the workers */
export async function connectJobs(redisUrl: string, isShared = false): Promise<TestJobs> {
  const { REDIS_URL: address } = readConfig({ REDIS_URL: redisUrl }, ['REDIS_URL']);
  const redis = createBlockingClient(address);
  const failFast = createFailFastClient(address);
  const subscriber = createBlockingClient(address);
  await Promise.all([redis, failFast, subscriber].map(client => once(client, 'ready')));
  const jobs = createJobs({
    redis: failFast,
    subscriber,
    secretKeys,
    types,
    workers: livingWorkers,
    hooks,
    isShared: () => isShared,
    ...limits,
  });
  return {
    jobs,
    redis,
    subscriber,
    stop() {
      jobs.stop();
      for (const one of [redis, failFast, subscriber]) one.disconnect();
    },
  };
}
