import { randomUUID } from 'node:crypto';
import type { Operation } from '@podman-api/operations';
import type { Redis } from 'ioredis';
import type { JobView } from '../job.ts';
import { type Directory, watchWorkers } from '../nodes/directory.ts';
import { createQueues, type Queues } from '../queues.ts';
import { asking, hastyRedis, patientRedis } from '../redis.ts';
import { createSeal, type Seal } from '../seal.ts';
import { type Counts, countJobs } from './counts.ts';
import { keepHouse } from './housekeeping.ts';
import type { Request } from './new-job.ts';
import { type Submitted, submit } from './submit.ts';
import { viewJob } from './view.ts';
import { createWaiter, type Waiter } from './waiter.ts';

export interface ClientOptions {
  readonly redisUrl: string;
  readonly secretKey: string;
  /** How long what is known of an ended job is kept, in seconds. */
  readonly resultTtl: number;
}

/** The queue as an API process sees it. Its methods throw an `ApiError` (503) while Redis is away. */
export interface QueueClient {
  readonly directory: Directory;
  /** Adds a job, which is waited for until `signal` is aborted; one that no worker has by then is withdrawn. */
  submit(operation: Operation, input: object, request: Request, signal: AbortSignal): Promise<Submitted>;
  /** A job by its id; nothing where there is none. */
  view(id: string): Promise<JobView | undefined>;
  /** How many jobs the nodes' queues hold, by state. */
  counts(nodes: readonly string[]): Promise<Counts>;
  close(): void;
}

/** What the parts of a client share. */
export interface ClientParts {
  readonly redis: Redis;
  readonly queues: Queues;
  readonly seal: Seal;
  readonly waiter: Waiter;
  readonly directory: Directory;
  readonly resultTtl: number;
  /** Jobs of which nobody knows whether they were added. */
  readonly leftovers: Set<string>;
}

/** Two connections to Redis, however many nodes there are. */
export function createQueueClient({ redisUrl, secretKey, resultTtl }: ClientOptions): QueueClient {
  const redis = hastyRedis(redisUrl);
  const subscriber = patientRedis(redisUrl);
  const parts: ClientParts = {
    redis,
    queues: createQueues(redis),
    seal: createSeal(secretKey),
    waiter: createWaiter(redis, subscriber, randomUUID()),
    directory: watchWorkers(redis),
    resultTtl,
    leftovers: new Set(),
  };
  keepHouse(parts);
  return {
    directory: parts.directory,
    submit: (operation, input, request, signal) => submit(parts, operation, input, request, signal),
    view: id => asking(viewJob(parts, id)),
    counts: nodes => asking(countJobs(parts.queues, nodes)),
    close() {
      parts.directory.stop();
      parts.waiter.stop();
      redis.disconnect();
      subscriber.disconnect();
    },
  };
}
