import { JobEnded } from '@podman-api/errors';
import type { Lane } from '@podman-api/operations';
import { Worker } from 'bullmq';
import { findLost } from '../dead/lost.ts';
import { adoptOrphans, type Recover } from '../dead/orphans.ts';
import type { JobData, OnEnd } from '../job.ts';
import { keys, lanes, queueName } from '../names.ts';
import { type Heart, startHeart } from '../nodes/beat.ts';
import type { WorkerReport } from '../nodes/worker-report.ts';
import { createQueues, type JobSummary } from '../queues.ts';
import { patientRedis } from '../redis.ts';
import { createSeal } from '../seal.ts';
import { every } from './every.ts';
import { openLedger } from './ledger.ts';
import { type Perform, runJob, type Way } from './run-job.ts';

export interface ConsumerOptions {
  readonly redisUrl: string;
  readonly secretKeys: readonly [string, ...string[]];
  readonly node: string;
  /** How many jobs of each lane run at once. */
  readonly concurrency: Readonly<Record<Lane, number>>;
  /** How long what is known of an ended job is kept, in seconds. */
  readonly resultTtl: number;
  /** How much of a job's output is kept, in bytes. */
  readonly maxOutput: number;
  /** Bytes of output that are kept of the node's ended jobs, all together. */
  readonly outputSpace: number;
  /** A folder of the host for notes on which jobs were begun, the same for all workers of the node. */
  readonly ledgerFolder: string;
  /** What this worker tells of itself. */
  readonly report: () => WorkerReport;
  readonly perform: Perform;
  readonly recover: Recover;
  readonly onEnd: OnEnd;
  readonly onForged: (job: string) => void;
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

/** How often this worker looks for jobs to cancel, for orphans, for lost jobs, and tidies its ledger, in ms. */
const lookEvery = { cancels: 250, orphans: 1000, lost: 2000, ledger: 3_600_000 } as const;

/** Takes the jobs of a node's queues and runs them. */
export function consume(options: ConsumerOptions): Consumer {
  const { redisUrl, secretKeys, node, concurrency, resultTtl, maxOutput, outputSpace, report, perform, recover, onEnd, onForged } = options;
  const redis = patientRedis(redisUrl);
  const queues = createQueues(redis);
  const worker = report().id;
  const running = new Map<string, AbortController>();
  const ledger = openLedger(options.ledgerFolder);
  const seal = createSeal(secretKeys);
  const way: Way = { redis, seal, resultTtl, outputSpace, maxOutput, worker, running, ledger, perform, onEnd, onForged };
  const workers = lanes.map(
    lane =>
      new Worker<JobData, JobSummary>(queueName(node, lane), job => runJob(way, job), {
        connection: redis,
        name: worker,
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
  for (const one of workers) one.on('error', () => {});
  const heart: Heart = startHeart(redis, report);
  const rounds = [
    every(lookEvery.cancels, async () => {
      if (running.size === 0) return;
      for (const id of await redis.smembers(keys.cancels(node))) {
        running.get(id)?.abort(new JobEnded('cancelled', 'The job was cancelled; its command was ended in the container too.'));
      }
    }),
    every(lookEvery.orphans, adoptOrphans({ redis, seal, resultTtl, outputSpace, queues, node, recover, onEnd })),
    every(lookEvery.lost, findLost({ redis, queues, node, worker, running })),
    every(lookEvery.ledger, async () => ledger.tidy()),
  ];
  return {
    beat: heart.beat,
    async drain() {
      heart.beat();
      await Promise.all(workers.map(one => one.close()));
    },
    cancelAll(reason) {
      for (const job of running.values()) job.abort(reason);
    },
    async close() {
      for (const stop of rounds) stop();
      await heart.stop();
      redis.disconnect();
    },
  };
}
