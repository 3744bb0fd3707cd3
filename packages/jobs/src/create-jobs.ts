import { randomUUID } from 'node:crypto';
import { type RedisClient, withRedisErrors } from '@podman-api/redis';
import { noopTracing, type Tracing } from '@podman-api/runtime';
import { type Counts, type QueueDepth, readCounts, readDepths, readWaiting } from './bullmq/depths.ts';
import { createQueues, type NodeQueue } from './bullmq/queues.ts';
import { type DeliveryParts, deliverCallbacks, openCallbacks, withCallbacks } from './callbacks/callbacks.ts';
import { createChannels, type OpenedChannel } from './channel/channels.ts';
import type { EndHooks } from './ended-job.ts';
import type { JobView } from './job.ts';
import type { JobTypes } from './job-type.ts';
import { lanes } from './lanes.ts';
import type { Limits } from './limits.ts';
import { type OutputEvent, readOutput } from './output/reader.ts';
import { type JobFilter, type JobPage, listJobs } from './queries/list.ts';
import { awaitJob, readJob } from './queries/view.ts';
import type { JobRecord } from './record/record.ts';
import { readRecordHead } from './record/record.ts';
import { endAbandonedJobs } from './recovery/end-abandoned-jobs.ts';
import { type JobState, readJobState, withdrawIncomplete } from './recovery/incomplete-jobs.ts';
import { createReaper } from './recovery/reaper.ts';
import { createSeal } from './seal.ts';
import { cancelJob } from './submit/cancel.ts';
import { claimRequest, findClaimedNode, type Idempotency } from './submit/idempotency.ts';
import { createSubmitter, type JobSubmitter } from './submit/submit.ts';
import { createWaiter } from './submit/waiter.ts';
import type { WorkerWatch } from './worker-watch.ts';

/** Options of `createJobs`. */
export interface JobsOptions extends Limits {
  /** A connection that fails fast. */
  readonly redis: RedisClient;
  /** A connection used only for subscriptions. */
  readonly subscriber: RedisClient;
  /** Passphrases of the seal: the first is used for new jobs, the others only to read older ones. */
  readonly secretKeys: readonly [string, ...string[]];
  readonly types: JobTypes;
  readonly workers: WorkerWatch;
  readonly hooks: EndHooks;
  readonly tracing?: Tracing;
  /** Whether several tokens share the slots of the workers; none may then take all of them. Default: they do not. */
  readonly isShared?: () => boolean;
}

/** Reads and cancels jobs. */
export interface JobReader {
  /** Returns the node of the job that was created with an Idempotency-Key, see `findClaimedNode`. */
  findClaimedNode(idempotency: Idempotency): Promise<string | undefined>;
  /** Claims an Idempotency-Key for a request that adds several jobs, see `claimRequest`. */
  claimRequest(idempotency: Idempotency): Promise<void>;
  /** Whether a job exists and no worker has begun it. */
  isQueued(id: string): Promise<boolean>;
  /** Reads the state of a job, see `readJobState`. */
  readState(id: string): Promise<JobState>;
  /** Reads a job; `undefined` if it does not exist or has expired. */
  read(id: string): Promise<JobView | undefined>;
  /** Waits until a job has ended or the signal is aborted, then reads it. */
  await(id: string, signal: AbortSignal): Promise<JobView | undefined>;
  /** Reads a page of jobs, the newest first. */
  list(filter: JobFilter, limit: number, cursor?: string): Promise<JobPage>;
  /** Cancels a job; a running one ends shortly after this resolves. */
  cancel(id: string): Promise<void>;
  /** Streams a job's output, see `readOutput`. */
  output(id: string, afterNumber: number, signal: AbortSignal): AsyncGenerator<OutputEvent>;
}

/** Opens channels to the workers of jobs. */
export interface ChannelOpener {
  /**
   * Creates the channel of a job, for bytes beside it, and closes an earlier channel of the job. The caller that opens a
   * channel closes it.
   * @param isKept whether an earlier channel is kept if its API process is alive
   * @throws ApiError (409) if an earlier channel was kept
   */
  openChannel(id: string, isKept?: boolean): Promise<OpenedChannel>;
}

/** Inspects the queues. */
export interface QueueReader {
  /** Returns the number of jobs by state, summed over some nodes. */
  countJobs(nodes: readonly string[]): Promise<Counts>;
  /** Returns the number of jobs by state for each queue of some nodes. */
  depths(nodes: readonly string[]): Promise<readonly QueueDepth[]>;
  /** Returns the number of waiting jobs of each node, in the order of `nodes`. */
  countWaiting(nodes: readonly string[]): Promise<readonly number[]>;
  /** Returns BullMQ's queues of some nodes. */
  queuesOf(nodes: readonly string[]): readonly NodeQueue[];
}

/** The job queue as an API process uses it. Methods throw an `ApiError` (503) while Redis is unavailable. */
export interface Jobs extends JobSubmitter, JobReader, ChannelOpener, QueueReader {
  /** Starts to deliver callbacks of ended jobs, see `deliverCallbacks`. */
  deliverCallbacks(parts: Pick<DeliveryParts, 'redis' | 'send' | 'onUndeliverable'>): { close(): Promise<void> };
  stop(): void;
}

/** Creates an API process's side of the queue. It runs until `stop` is called. */
export function createJobs(options: JobsOptions): Jobs {
  const { redis, subscriber, secretKeys, types, workers, hooks, tracing = noopTracing, isShared = () => false, ...limits } = options;
  const seal = createSeal(secretKeys);
  const queues = createQueues(redis);
  const callbacks = openCallbacks(redis, seal, limits.resultTtlSeconds);
  const endParts = { redis, seal, hooks: withCallbacks(hooks, callbacks), queues, ...limits };
  const reaper = createReaper({ ...endParts, workers, types });
  const onRecord = (id: string, record: JobRecord) => {
    reaper.onRecord(id, record);
    withdrawIncomplete(endParts, id, record).catch(() => {});
  };
  const apiProcess = randomUUID();
  const waiter = createWaiter({ redis, subscriber, seal, apiProcess, onRecord });
  const channels = createChannels({ redis, subscriber, seal, end: 'api', process: apiProcess });
  const parts = {
    ...endParts,
    callbacks,
    waiter,
    onRecord,
    tracing,
    isShared,
    pendingAddCounts: new Map<string, number>(),
    uncertainJobs: new Map<string, string | undefined>(),
  };
  endAbandonedJobs(parts, workers, reaper);
  workers.onRefresh(() => {
    if (workers.isRedisAvailable) queues.retain(workers.nodes);
  });
  return {
    ...createSubmitter(parts),
    findClaimedNode: idempotency => withRedisErrors(findClaimedNode(redis, idempotency, seal)),
    claimRequest: idempotency => withRedisErrors(claimRequest(redis, idempotency, seal, limits.resultTtlSeconds)),
    isQueued: async id => (await withRedisErrors(readRecordHead(redis, id)))?.status === 'queued',
    readState: id => withRedisErrors(readJobState(parts, id)),
    read: id => withRedisErrors(readJob(parts, id)),
    await: (id, signal) => withRedisErrors(awaitJob(parts, id, signal)),
    list: (filter, limit, cursor) => withRedisErrors(listJobs(parts, filter, limit, cursor)),
    cancel: id => withRedisErrors(cancelJob(parts, id)),
    output: (id, afterNumber, signal) => readOutput(parts, id, afterNumber, signal),
    countJobs: nodes => withRedisErrors(readCounts(redis, nodes)),
    depths: nodes => withRedisErrors(readDepths(redis, nodes)),
    countWaiting: nodes => withRedisErrors(readWaiting(redis, nodes)),
    queuesOf: nodes => nodes.flatMap(node => lanes.map(lane => queues.of(node, lane))),
    deliverCallbacks: ({ redis: blocking, send, onUndeliverable }) =>
      deliverCallbacks({ redis: blocking, seal, read: id => readJob(parts, id), send, onUndeliverable }),
    openChannel: (id, isKept) => withRedisErrors(channels.open(id, isKept)),
    stop() {
      waiter.stop();
      channels.stop();
    },
  };
}
