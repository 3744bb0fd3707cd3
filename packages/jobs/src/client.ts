import { randomUUID } from 'node:crypto';
import { type RedisClient, withRedisErrors } from '@podman-api/redis';
import { type Tracing, untraced } from '@podman-api/runtime';
import { type Counts, type QueueDepth, readCounts, readDepths, readWaiting } from './bullmq/depths.ts';
import { createQueues, type NodeQueue } from './bullmq/queues.ts';
import type { EndHooks } from './ended-job.ts';
import type { JobView } from './job.ts';
import type { JobTypes } from './job-type.ts';
import { type Lane, lanes } from './lanes.ts';
import type { Limits } from './limits.ts';
import { type OutputEvent, readOutput } from './output/reader.ts';
import { type JobFilter, type JobPage, listJobs } from './queries/list.ts';
import { awaitJob, readJob } from './queries/view.ts';
import type { JobRecord } from './record/record.ts';
import { readRecordHead } from './record/record.ts';
import { endAbandonedJobs } from './recovery/abandoned.ts';
import { endHalfAdded, type JobState, readJobState } from './recovery/half-added.ts';
import { createReaper } from './recovery/reaper.ts';
import { createSeal } from './seal.ts';
import { cancelJob } from './submit/cancel.ts';
import { findClaimedNode, type Idempotency } from './submit/idempotency.ts';
import { Refused, type Submission, type Submitted, submit, type Ticket, takeTicket } from './submit/submit.ts';
import { createWaiter } from './submit/waiter.ts';
import type { WorkerWatch } from './worker-watch.ts';

export interface JobsOptions extends Limits {
  /** A connection that fails fast. */
  readonly redis: RedisClient;
  /** A connection that only subscribes. */
  readonly subscriber: RedisClient;
  readonly secretKeys: readonly [string, ...string[]];
  readonly types: JobTypes;
  readonly workers: WorkerWatch;
  readonly hooks: EndHooks;
  readonly tracing?: Tracing;
}

/** Submitting jobs. */
export interface JobSubmitter {
  /** Takes a ticket for a job, see `takeTicket`. */
  takeTicket(lane: Lane, node: string, idempotency: Idempotency | undefined): Promise<Ticket>;
  /** Adds a job and waits for it, see `submit`. */
  submit(ticket: Ticket, submission: Submission, signal: AbortSignal): Promise<Submitted | undefined>;
  /** Tells whether an error of `submit` means that nothing was added. */
  isRefusal(error: unknown): boolean;
  /** Returns the node of the job that an Idempotency-Key stands for, see `findClaimedNode`. */
  findClaimedNode(idempotency: Idempotency): Promise<string | undefined>;
  /** Tells whether no worker has begun a job yet. */
  isQueued(id: string): Promise<boolean>;
  /** Reads the state of a job, see `readJobState`. */
  stateOf(id: string): Promise<JobState>;
}

/** Reading and cancelling jobs. */
export interface JobReader {
  /** Reads a job; `undefined` if there is none. */
  read(id: string): Promise<JobView | undefined>;
  /** Waits until a job has ended or the signal is aborted, and reads it. */
  await(id: string, signal: AbortSignal): Promise<JobView | undefined>;
  /** Reads jobs, the newest first. */
  list(filter: JobFilter, limit: number, cursor?: string): Promise<JobPage>;
  /** Cancels a job; a running one takes a moment to end. */
  cancel(id: string): Promise<void>;
  /** Reads a job's output after a piece, see `readOutput`. */
  output(id: string, after: number, signal: AbortSignal): AsyncGenerator<OutputEvent>;
}

/** Looking into the queues. */
export interface QueueReader {
  /** Counts the jobs of some nodes by state. */
  counts(nodes: readonly string[]): Promise<Counts>;
  /** Counts the jobs of each queue of some nodes. */
  depths(nodes: readonly string[]): Promise<readonly QueueDepth[]>;
  /** Counts the jobs that wait for each of some nodes. */
  waiting(nodes: readonly string[]): Promise<readonly number[]>;
  /** Returns BullMQ's queues of some nodes. */
  queuesOf(nodes: readonly string[]): readonly NodeQueue[];
}

/** The jobs as an API process sees them. Methods throw an `ApiError` (503) while Redis is unavailable. */
export interface Jobs extends JobSubmitter, JobReader, QueueReader {
  stop(): void;
}

export function createJobs(options: JobsOptions): Jobs {
  const { redis, subscriber, secretKeys, types, workers, hooks, tracing = untraced, ...limits } = options;
  const seal = createSeal(secretKeys);
  const queues = createQueues(redis);
  const ends = { redis, seal, hooks, queues, ...limits };
  const reaper = createReaper({ ...ends, workers, types });
  const onRecord = (id: string, record: JobRecord) => {
    reaper.onRecord(id, record);
    endHalfAdded(ends, id, record).catch(() => {});
  };
  const waiter = createWaiter({ redis, subscriber, seal, apiProcess: randomUUID(), onRecord });
  const parts = { ...ends, waiter, onRecord, tracing, adding: new Map<string, number>(), doubtful: new Set<string>() };
  endAbandonedJobs(parts, workers, reaper);
  return {
    takeTicket: (lane, node, idempotency) => takeTicket(parts, lane, node, idempotency),
    submit: (ticket, submission, signal) => submit(parts, ticket, submission, signal),
    isRefusal: error => error instanceof Refused,
    findClaimedNode: idempotency => withRedisErrors(findClaimedNode(redis, idempotency, seal)),
    isQueued: async id => (await withRedisErrors(readRecordHead(redis, id)))?.status === 'queued',
    stateOf: id => withRedisErrors(readJobState(parts, id)),
    read: id => withRedisErrors(readJob(parts, id)),
    await: (id, signal) => withRedisErrors(awaitJob(parts, id, signal)),
    list: (filter, limit, cursor) => withRedisErrors(listJobs(parts, filter, limit, cursor)),
    cancel: id => withRedisErrors(cancelJob(parts, id)),
    output: (id, after, signal) => readOutput(parts, id, after, signal),
    counts: nodes => withRedisErrors(readCounts(redis, nodes)),
    depths: nodes => withRedisErrors(readDepths(redis, nodes)),
    waiting: nodes => withRedisErrors(readWaiting(redis, nodes)),
    queuesOf: nodes => nodes.flatMap(node => lanes.map(lane => queues.of(node, lane))),
    stop: () => waiter.stop(),
  };
}
