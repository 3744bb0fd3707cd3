import type { Lane } from '@podman-api/operations';
import { Worker } from 'bullmq';
import type { JobData } from '../job.ts';
import { lanes, queueName } from '../names.ts';
import { type Heart, startHeart } from '../nodes/beat.ts';
import type { WorkerReport } from '../nodes/worker-report.ts';
import type { JobSummary } from '../queues.ts';
import { patientRedis } from '../redis.ts';
import { createSeal } from '../seal.ts';
import { type OnEnd, type Perform, runJob } from './run-job.ts';

export interface ConsumerOptions {
  readonly redisUrl: string;
  readonly secretKey: string;
  readonly node: string;
  /** How many jobs of each lane run at once. */
  readonly concurrency: Readonly<Record<Lane, number>>;
  /** How long what is known of an ended job is kept, in seconds. */
  readonly resultTtl: number;
  /** What this worker tells of itself. */
  readonly report: () => WorkerReport;
  readonly perform: Perform;
  readonly onEnd: OnEnd;
}

/** A worker process's side of the queue. */
export interface Consumer {
  /** Tells of a change at once, which the next beat would tell within a second. */
  beat(): void;
  /** Stops taking jobs and resolves when those that run have ended. */
  drain(): Promise<void>;
  /** Aborts the signals of all jobs that run. */
  cancelAll(reason: Error): void;
  close(): Promise<void>;
}

/**
 * A lock longer than any outage of Redis or stall of the event loop that work should survive, in ms: whoever
 * loses it, its work counts as failed for BullMQ. Liveness is told by heartbeats instead.
 */
const lockDuration = 120_000;

/** Takes the jobs of a node's queues and runs them. */
export function consume({ redisUrl, secretKey, node, concurrency, resultTtl, report, perform, onEnd }: ConsumerOptions): Consumer {
  const redis = patientRedis(redisUrl);
  const running = new Map<string, AbortController>();
  const way = { redis, seal: createSeal(secretKey), resultTtl, running, perform, onEnd };
  const workers = lanes.map(
    lane =>
      new Worker<JobData, JobSummary>(queueName(node, lane), job => runJob(way, job), {
        connection: redis,
        concurrency: concurrency[lane],
        lockDuration,
        // A job whose worker died is never given to another: whether that is harmless is ours to decide.
        maxStalledCount: 0,
        skipVersionCheck: true,
        removeOnComplete: { age: resultTtl },
        removeOnFail: { age: resultTtl },
      }),
  );
  // What fails without a caller is retried by BullMQ; a worker without a listener would crash the process.
  for (const worker of workers) worker.on('error', () => {});
  const heart: Heart = startHeart(redis, report);
  return {
    beat: heart.beat,
    async drain() {
      heart.beat();
      await Promise.all(workers.map(worker => worker.close()));
    },
    cancelAll(reason) {
      for (const job of running.values()) job.abort(reason);
    },
    async close() {
      await heart.stop();
      redis.disconnect();
    },
  };
}
