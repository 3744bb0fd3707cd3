import { randomUUID } from 'node:crypto';
import type { Operation } from '@podman-api/operations';
import type { Redis } from 'ioredis';
import { createReaper } from '../dead/reap.ts';
import type { JobView, OnEnd } from '../job.ts';
import type { Limits } from '../limits.ts';
import { type Directory, watchWorkers } from '../nodes/directory.ts';
import { type OutputEvent, readOutput } from '../output/reader.ts';
import { createQueues, type Queues } from '../queues.ts';
import type { JobRecord } from '../record/record.ts';
import { asking, hastyRedis, patientRedis } from '../redis.ts';
import { createSeal, type Seal } from '../seal.ts';
import { cancelJob } from './cancel.ts';
import { type Counts, countJobs } from './counts.ts';
import { endHalfMade, keepHouse } from './housekeeping.ts';
import { type JobFilter, type JobPage, listJobs } from './list.ts';
import type { Request } from './new-job.ts';
import { type Submitted, submit } from './submit.ts';
import { awaitJob, viewJob } from './view.ts';
import { createWaiter, type Waiter } from './waiter.ts';

export interface ClientOptions extends Limits {
  readonly redisUrl: string;
  readonly secretKeys: readonly [string, ...string[]];
  readonly onEnd: OnEnd;
}

/** The queue as an API process sees it. Its methods throw an `ApiError` (503) while Redis is away. */
export interface QueueClient {
  readonly directory: Directory;
  /**
   * Adds a job, which is waited for until `signal` is aborted; one that no worker has begun by then is withdrawn,
   * unless it is detached.
   */
  submit(operation: Operation, input: object, request: Request, signal: AbortSignal): Promise<Submitted>;
  /** A job by its id; nothing where there is none. */
  view(id: string): Promise<JobView | undefined>;
  /** Waits until a job has ended, or the signal is aborted, and gives the job. */
  await(id: string, signal: AbortSignal): Promise<JobView | undefined>;
  /** Jobs, the newest first. */
  list(filter: JobFilter, limit: number, cursor?: string): Promise<JobPage>;
  /** Cancels a job; one that runs takes a moment to end. */
  cancel(id: string): Promise<void>;
  /** A job's output from a piece on, while it runs and after. */
  output(id: string, after: number, signal: AbortSignal): AsyncGenerator<OutputEvent>;
  /** How many jobs the nodes' queues hold, by state. */
  counts(nodes: readonly string[]): Promise<Counts>;
  close(): void;
}

/** What the parts of a client share. */
export interface ClientParts extends Limits {
  readonly redis: Redis;
  readonly queues: Queues;
  readonly seal: Seal;
  readonly waiter: Waiter;
  readonly directory: Directory;
  readonly onEnd: OnEnd;
  /** How many jobs this process is adding now. */
  adding: number;
  /** Jobs of which nobody knows whether they were added. */
  readonly leftovers: Set<string>;
  /** Is shown the records of jobs that are looked at, in case their worker has died. */
  readonly onRecord: (id: string, record: JobRecord) => void;
}

/** Two connections to Redis, however many nodes there are. */
export function createQueueClient({ redisUrl, secretKeys, onEnd, ...limits }: ClientOptions): QueueClient {
  const redis = hastyRedis(redisUrl);
  const subscriber = patientRedis(redisUrl);
  const seal = createSeal(secretKeys);
  const directory = watchWorkers(redis);
  const queues = createQueues(redis);
  const reaper = createReaper({ redis, queues, seal, directory, onEnd, ...limits });
  const onRecord = (id: string, record: JobRecord) => {
    reaper.onRecord(id, record);
    endHalfMade(parts, id, record).catch(() => {});
  };
  const waiter = createWaiter({ redis, subscriber, seal, apiProcess: randomUUID(), onRecord });
  const parts: ClientParts = {
    redis,
    queues,
    seal,
    waiter,
    directory,
    onEnd,
    ...limits,
    adding: 0,
    leftovers: new Set(),
    onRecord,
  };
  keepHouse(parts, reaper);
  return {
    directory,
    submit: (operation, input, request, signal) => submit(parts, operation, input, request, signal),
    view: id => asking(viewJob(parts, id)),
    await: (id, signal) => asking(awaitJob(parts, id, signal)),
    list: (filter, limit, cursor) => asking(listJobs(parts, filter, limit, cursor)),
    cancel: id => asking(cancelJob(parts, id)),
    output: (id, after, signal) => readOutput(parts, id, after, signal),
    counts: nodes => asking(countJobs(queues, nodes)),
    close() {
      directory.stop();
      waiter.stop();
      redis.disconnect();
      subscriber.disconnect();
    },
  };
}
