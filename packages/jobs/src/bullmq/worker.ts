import type { RedisClient } from '@podman-api/redis';
import { type Job, UnrecoverableError, Worker } from 'bullmq';
import type { JobData } from '../job.ts';
import type { Lane } from '../lanes.ts';
import { queueName, queuePrefix } from './queue-names.ts';
import type { JobSummary } from './queues.ts';

/** Longer than any Redis outage or event loop delay that a running job should survive. Dead workers are detected by heartbeats. */
const lockDurationMs = 120_000;

/**
 * Time for which BullMQ blocks for a job. If a failover breaks the connection, BullMQ notices one second after this time
 * at the latest; until then the worker takes no jobs.
 */
const blockSeconds = 3;
/** BullMQ's pause after an error. */
const retryDelayMs = 500;

/** A job that BullMQ has assigned to this worker. */
export interface TakenJob {
  readonly id: string;
  /** The name of its queue. */
  readonly queue: string;
  readonly data: JobData;
}

/** The result that a worker returns to BullMQ: a summary, or the reason for the failed list. */
export type TakenJobResult = JobSummary | { readonly failure: string };

/** The queue that a worker takes jobs from, and its limits. */
export interface LaneWorkerOptions {
  readonly node: string;
  readonly lane: Lane;
  /** The worker's id, which BullMQ stores with each job that it assigns to the worker. */
  readonly worker: string;
  readonly concurrency: number;
  readonly resultTtlSeconds: number;
}

/** Takes the jobs of one queue. */
export interface LaneWorker {
  /** Stops taking jobs; resolves when the running ones have ended. */
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
    // BullMQ must not rerun the job of a dead worker: only the reaper knows whether the job is repeatable.
    maxStalledCount: 0,
    skipVersionCheck: true,
    removeOnComplete: keep,
    removeOnFail: keep,
  });
  // BullMQ retries by itself; without a listener its errors would end the process.
  bullWorker.on('error', () => {});
  return { close: () => bullWorker.close() };
}
