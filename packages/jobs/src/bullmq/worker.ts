import type { RedisClient } from '@podman-api/redis';
import { type Job, UnrecoverableError, Worker } from 'bullmq';
import type { JobData } from '../job.ts';
import type { Lane } from '../lanes.ts';
import { queueName, queuePrefix } from './queue-names.ts';
import type { JobSummary } from './queues.ts';

/** Longer than any outage of Redis or delay of the event loop that work should survive; heartbeats tell whether a worker is alive. */
const lockDurationMs = 120_000;

/**
 * How long BullMQ blocks for a job, and its pause after an error. BullMQ gives up a wait that a failover has cut off one
 * second after this time, so this bounds how long a worker takes no jobs.
 */
const blockSeconds = 3;
const retryDelayMs = 500;

/** A job as BullMQ gives it to a worker. */
export interface TakenJob {
  readonly id: string;
  /** The name of the queue that it came from. */
  readonly queue: string;
  readonly data: JobData;
}

/** What a worker returns to BullMQ: a summary, or why it counts as failed there. */
export type TakenJobResult = JobSummary | { readonly failure: string };

export interface LaneWorkerOptions {
  readonly node: string;
  readonly lane: Lane;
  /** The worker's id, which BullMQ keeps with each job that it gives to it. */
  readonly worker: string;
  readonly concurrency: number;
  readonly resultTtlSeconds: number;
}

/** Takes the jobs of one queue. */
export interface LaneWorker {
  /** Takes no more jobs and resolves when the running ones have ended. */
  close(): Promise<void>;
}

/** Starts taking jobs from a node's queue of a lane. */
export function startLaneWorker(
  redis: RedisClient,
  { node, lane, worker, concurrency, resultTtlSeconds }: LaneWorkerOptions,
  run: (job: TakenJob) => Promise<TakenJobResult>,
): LaneWorker {
  const process = async ({ id = '', data, queueName: queue }: Job<JobData>) => {
    const result = await run({ id, queue, data });
    if ('failure' in result) throw new UnrecoverableError(result.failure);
    return result;
  };
  const keep = { age: resultTtlSeconds };
  const bullWorker = new Worker<JobData, JobSummary>(queueName(node, lane), process, {
    connection: redis,
    prefix: queuePrefix(node),
    name: worker,
    concurrency,
    lockDuration: lockDurationMs,
    drainDelay: blockSeconds,
    runRetryDelay: retryDelayMs,
    // A job whose worker died is never given to another by BullMQ: only we know whether running it again is harmless.
    maxStalledCount: 0,
    skipVersionCheck: true,
    removeOnComplete: keep,
    removeOnFail: keep,
  });
  // BullMQ retries what fails without a caller; without a listener its errors would end the process.
  bullWorker.on('error', () => {});
  return { close: () => bullWorker.close() };
}
