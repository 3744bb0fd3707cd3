import { createJobs, type Jobs, type JobType } from '@podman-api/jobs';
import { createBlockingClient, createFailFastClient, type RedisClient } from '@podman-api/redis';
import { readConfig } from '@podman-api/runtime';
import { type NodeDirectory, openNodeDirectory } from '../src/directory/node-directory.ts';
import { createDispatcher, type Dispatcher } from '../src/dispatch/dispatcher.ts';
import { type Fleet, watchFleet } from '../src/heartbeats/fleet.ts';
import { releaseAfterEnd } from '../src/quotas/release.ts';

/** Job types of the tests: one that creates a container, and one that finds containers. */
export const create: JobType = { name: 'test.create', lane: 'commands', secrets: [], isRepeatable: false, changes: () => true };
export const find: JobType = { name: 'test.find', lane: 'reads', secrets: [], isRepeatable: true, changes: () => false };

/** Maximum number of waiting jobs in a queue. */
export const maxQueue = 100;

/** The fleet as an API process sees it, and a connection to its Redis. */
export interface TestFleet {
  readonly jobs: Jobs;
  readonly fleet: Fleet;
  readonly dispatcher: Dispatcher;
  /** A connection that waits for Redis. */
  readonly redis: RedisClient;
  directoryOf(node: string): NodeDirectory;
  stop(): void;
}

/** Connects to a Redis, and watches the fleet in it. */
export async function connectFleet(redisUrl: string): Promise<TestFleet> {
  const { REDIS_URL: address } = readConfig({ REDIS_URL: redisUrl }, ['REDIS_URL']);
  const redis = createBlockingClient(address);
  const failFast = createFailFastClient(address);
  const subscriber = createBlockingClient(address);
  const fleet = watchFleet(failFast);
  const jobs = createJobs({
    redis: failFast,
    subscriber,
    secretKeys: ['a key of these tests, long enough'],
    types: name => [create, find].find(type => type.name === name),
    workers: fleet,
    hooks: { onEnd: () => {}, onStored: ended => releaseAfterEnd(failFast, ended) },
    resultTtlSeconds: 3600,
    maxQueue,
    maxQueueBytes: 1_000_000,
    outputSpaceBytes: 0,
  });
  await fleet.ready;
  return {
    jobs,
    fleet,
    dispatcher: createDispatcher({ redis: failFast, jobs, fleet, findType: find, requestTimeoutMs: 600_000 }),
    redis,
    directoryOf: node => openNodeDirectory({ redis, readState: jobs.readState }, node),
    stop() {
      jobs.stop();
      fleet.stop();
      for (const one of [redis, failFast, subscriber]) one.disconnect();
    },
  };
}
