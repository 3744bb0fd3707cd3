import { JobEnded } from '@podman-api/errors';
import type { Lane } from '@podman-api/operations';
import { type RedisAddress, type Tracing, untraced } from '@podman-api/runtime';
import { Worker } from 'bullmq';
import { createDoubt, signsOf } from '../dead/doubt.ts';
import { findLost } from '../dead/lost.ts';
import { adoptOrphans, type Recover } from '../dead/orphans.ts';
import { openShelf, type Shelf } from '../directory/shelf.ts';
import type { JobData, OnEnd } from '../job.ts';
import { keys, lanes, queueName, queuePrefix } from '../names.ts';
import { type Heart, startHeart } from '../nodes/beat.ts';
import type { WorkerReport } from '../nodes/worker-report.ts';
import { createQueues, type JobSummary } from '../queues.ts';
import { patientRedis } from '../redis.ts';
import { createSeal } from '../seal.ts';
import { openTally } from '../tally/tally.ts';
import { every } from './every.ts';
import { openLedger } from './ledger.ts';
import { type Perform, type RunningJob, runJob, type Way } from './run-job.ts';
import { rememberEnds } from './told.ts';

export interface ConsumerOptions {
  readonly redisAddress: RedisAddress;
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
  readonly tracing?: Tracing;
}

/** A worker process's side of the queue. */
export interface Consumer {
  /** The node's part of the directory of containers. */
  readonly shelf: Shelf;
  /** Tells of a change at once, which the next beat would tell within a second. */
  beat(): void;
  /** Calls back whenever Redis may have lost what it had acknowledged: another server answers, or the same one again. */
  onReturn(listener: () => void): void;
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

/**
 * How long BullMQ waits for a job before it asks whether there is one, in seconds, and what it waits after an error, in ms.
 * A wait that a failover has cut off is given up one second after its time, so that bounds how long a worker may be away.
 */
const drainDelay = 3;
const runRetryDelay = 500;

/** How often this worker looks for jobs to cancel, for orphans, for lost jobs, for doubt, and tidies its ledger, in ms. */
const lookEvery = { cancels: 250, orphans: 1000, lost: 2000, doubt: 100, ledger: 3_600_000 } as const;

/** Takes the jobs of a node's queues and runs them. */
export function consume(options: ConsumerOptions): Consumer {
  const { redisAddress, secretKeys, node, concurrency, resultTtl, maxOutput, outputSpace, report, perform, recover, onEnd, onForged } =
    options;
  const { tracing = untraced } = options;
  const redis = patientRedis(redisAddress);
  const queues = createQueues(redis);
  const worker = report().id;
  const running = new Map<string, RunningJob>();
  const told = rememberEnds();
  const ledger = openLedger(options.ledgerFolder);
  const seal = createSeal(secretKeys);
  const tally = openTally(redis);
  const ends = { redis, seal, tally, resultTtl, outputSpace, worker, running, told };
  const doubt = createDoubt(ends);
  const way: Way = { ...ends, maxOutput, ledger, perform, onEnd, onForged, onDoubt: doubt.raise, tracing };
  const workers = lanes.map(
    lane =>
      new Worker<JobData, JobSummary>(queueName(node, lane), job => runJob(way, job), {
        connection: redis,
        prefix: queuePrefix(node),
        name: worker,
        concurrency: concurrency[lane],
        lockDuration,
        drainDelay,
        runRetryDelay,
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
        running.get(id)?.controller.abort(new JobEnded('cancelled', 'The job was cancelled; its command was ended in the container too.'));
      }
    }),
    every(lookEvery.orphans, adoptOrphans({ ...ends, queues, node, recover, onEnd })),
    every(lookEvery.lost, findLost({ ...ends, queues, node, ledger, onEnd })),
    every(lookEvery.doubt, doubt.look),
    every(lookEvery.ledger, async () => ledger.tidy()),
  ];
  return {
    shelf: openShelf({ redis, seal, tally, resultTtl, onEnd }, node),
    beat: heart.beat,
    onReturn(listener) {
      for (const event of signsOf(redis)) redis.on(event, listener);
    },
    async drain() {
      heart.beat();
      await Promise.all(workers.map(one => one.close()));
    },
    cancelAll(reason) {
      for (const { controller } of running.values()) controller.abort(reason);
    },
    async close() {
      for (const stop of rounds) stop();
      await Promise.all([heart.stop(), tally.stop()]);
      redis.disconnect();
    },
  };
}
