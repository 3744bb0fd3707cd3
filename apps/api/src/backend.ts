import {
  createDispatcher,
  createEventReader,
  createNodeManager,
  type Fleet,
  openLeaseStore,
  openPoolStore,
  openSessionNodes,
  readQuotaUsage,
  releaseAfterEnd,
  watchFleet,
} from '@podman-api/cluster';
import { createJobs, createSeal, type DeliveryParts, type EndedJob, type EndHooks, type Jobs } from '@podman-api/jobs';
import { find, findTask, taskNames } from '@podman-api/operations';
import { createBlockingClient, createFailFastClient, watchSettings, withRedisErrors } from '@podman-api/redis';
import { type Config, type SecretKeys, type Tracing, waitAtMost } from '@podman-api/runtime';
import { createFleetJobCounter, readTotals, watchRecentSlices } from '@podman-api/stats';
import type { AppParts } from './parts.ts';
import { createTickets } from './tickets.ts';

/** Time limit for attempts to deliver a callback that are under way when the process stops. */
const deliveryCloseTimeoutMs = 5000;

/** Options of `createApiBackend`. */
export interface ApiBackendOptions {
  readonly config: Config<'MAX_QUEUE' | 'MAX_QUEUE_BYTES' | 'OUTPUT_SPACE' | 'REDIS_URL' | 'REQUEST_TIMEOUT' | 'RESULT_TTL'>;
  readonly secretKeys: SecretKeys;
  /** Called with each job that this process ends. */
  readonly onEnd: EndHooks['onEnd'];
  /** Called with each warning about Redis's settings. */
  readonly onWarning: (warning: string) => void;
  readonly tracing: Tracing;
  /** Sends callbacks of ended jobs; default: this process delivers none. */
  readonly callbacks?: Pick<DeliveryParts, 'send' | 'onUndeliverable'> | undefined;
  /** Whether several tokens share the workers; default: they do not. */
  readonly isShared?: () => boolean;
}

/** The data behind the routes: the jobs, the nodes and the counters. Uses two connections to Redis however many nodes there
 * are, and a third while there are readers of events. */
export interface ApiBackend
  extends Pick<
    AppParts,
    | 'jobs'
    | 'dispatcher'
    | 'nodeManager'
    | 'pools'
    | 'leases'
    | 'sessionNodes'
    | 'readQuotaUsage'
    | 'tickets'
    | 'fleet'
    | 'events'
    | 'stats'
    | 'redisSettings'
  > {
  /** Sends the last counts and disconnects from Redis. */
  close(): Promise<void>;
}

/** Connects the packages with each other and with Redis. */
export function createApiBackend({
  config,
  secretKeys,
  onEnd,
  onWarning,
  tracing,
  callbacks,
  isShared = () => false,
}: ApiBackendOptions): ApiBackend {
  const redis = createFailFastClient(config.REDIS_URL);
  const subscriber = createBlockingClient(config.REDIS_URL);
  const fleet: Fleet = watchFleet(redis);
  const redisSettings = watchSettings(redis, onWarning);
  const counter = createFleetJobCounter(redis, taskNames);
  const recent = watchRecentSlices(redis);
  const onStored = async (ended: EndedJob, isStored: boolean) => {
    if (isStored) counter.count(ended);
    await releaseAfterEnd(redis, ended);
  };
  const jobs: Jobs = createJobs({
    redis,
    subscriber,
    secretKeys,
    types: findTask,
    workers: fleet,
    hooks: { onEnd, onStored },
    tracing,
    isShared,
    resultTtlSeconds: config.RESULT_TTL,
    maxQueue: config.MAX_QUEUE,
    maxQueueBytes: config.MAX_QUEUE_BYTES,
    outputSpaceBytes: config.OUTPUT_SPACE,
  });
  const events = createEventReader(redis, () => createBlockingClient(config.REDIS_URL));
  const deliveryRedis = callbacks && createBlockingClient(config.REDIS_URL);
  const deliveries = deliveryRedis && callbacks && jobs.deliverCallbacks({ ...callbacks, redis: deliveryRedis });
  return {
    jobs,
    fleet,
    events,
    dispatcher: createDispatcher({ redis, jobs, fleet, findType: find, requestTimeoutMs: config.REQUEST_TIMEOUT * 1000 }),
    nodeManager: createNodeManager(redis, fleet),
    pools: openPoolStore(redis, createSeal(secretKeys)),
    leases: openLeaseStore(redis, createSeal(secretKeys)),
    sessionNodes: openSessionNodes(redis),
    tickets: createTickets(redis),
    readQuotaUsage: token => readQuotaUsage(redis, token),
    redisSettings,
    stats: {
      totals: () => withRedisErrors(readTotals(redis)),
      get recent() {
        return recent.slices;
      },
    },
    async close() {
      events.stop();
      // Waits for current attempts, and would wait forever if Redis is unavailable. Other processes take over attempts
      // that are cut off.
      await waitAtMost(deliveryCloseTimeoutMs, deliveries?.close() ?? Promise.resolve());
      deliveryRedis?.disconnect();
      recent.stop();
      fleet.stop();
      redisSettings.stop();
      jobs.stop();
      await counter.stop();
      redis.disconnect();
      subscriber.disconnect();
    },
  };
}
