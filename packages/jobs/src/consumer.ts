import { JobOutcomeError } from '@podman-api/errors';
import type { RedisClient } from '@podman-api/redis';
import { noopTracing, runPeriodically, type Tracing } from '@podman-api/runtime';
import { createQueues } from './bullmq/queues.ts';
import { startLaneWorker } from './bullmq/worker.ts';
import { openCallbacks, withCallbacks } from './callbacks/callbacks.ts';
import { createChannels } from './channel/channels.ts';
import type { EndHooks } from './ended-job.ts';
import { reportSlots } from './fair-share/held-jobs.ts';
import type { JobTypes } from './job-type.ts';
import { keys } from './keys.ts';
import { type Lane, lanes } from './lanes.ts';
import { type JobState, readJobState } from './recovery/incomplete-jobs.ts';
import { recoverLostJobs } from './recovery/lost-jobs.ts';
import { type Recover, recoverOrphans } from './recovery/orphans.ts';
import { createRestorer } from './recovery/restore.ts';
import { createSeal } from './seal.ts';
import { openLedger } from './worker/ledger.ts';
import { createRecentOutcomes } from './worker/recent-outcomes.ts';
import { createJobRunner, type Perform, type RunningJob } from './worker/run-job.ts';

/** Options of `consume`. */
export interface ConsumerOptions {
  /** A connection whose commands wait while Redis is unavailable. */
  readonly redis: RedisClient;
  /** A connection used only for subscriptions. */
  readonly subscriber: RedisClient;
  /** Passphrases of the seal, the same as those of the API. */
  readonly secretKeys: readonly [string, ...string[]];
  readonly types: JobTypes;
  readonly node: string;
  /** The id of this worker. */
  readonly worker: string;
  /** Maximum number of jobs that run at once, by lane. */
  readonly concurrency: Readonly<Record<Lane, number>>;
  /** Time after which the record of an ended job expires. */
  readonly resultTtlSeconds: number;
  /** Maximum output that is kept per job. */
  readonly maxOutputBytes: number;
  /** Maximum output that is kept for all ended jobs of the node together. */
  readonly outputSpaceBytes: number;
  /** Folder on this host for the ledger of begun jobs, the same for all workers of the node. */
  readonly ledgerFolder: string;
  readonly perform: Perform;
  readonly recover: Recover;
  readonly hooks: EndHooks;
  /** Called with the id of each job whose signature was not made with SECRET_KEY. */
  readonly onForged: (id: string) => void;
  readonly tracing?: Tracing;
}

/** A worker process's side of the queue. */
export interface Consumer {
  /** Reads the state of a job, see `readJobState`. */
  readState(id: string): Promise<JobState>;
  /** Stops taking jobs; resolves when the running ones have ended and their outcomes are stored. */
  drain(): Promise<void>;
  /** Aborts the signals of all running jobs. */
  cancelAll(reason: Error): void;
  /** Stops the periodic tasks. */
  stop(): void;
}

/** Intervals of this worker's periodic tasks. */
const intervalsMs = { cancels: 250, orphans: 1000, lostJobs: 2000, restore: 100, slots: 2000, drain: 100, ledger: 3_600_000 } as const;

/** Starts to take jobs from a node's queues and to run them. */
export function consume(options: ConsumerOptions): Consumer {
  const { redis, secretKeys, types, node, worker, concurrency, resultTtlSeconds, outputSpaceBytes, recover } = options;
  const { maxOutputBytes, perform, onForged, tracing = noopTracing } = options;
  const queues = createQueues(redis);
  const running = new Map<string, RunningJob>();
  const recentOutcomes = createRecentOutcomes();
  const ledger = openLedger(options.ledgerFolder);
  const seal = createSeal(secretKeys);
  const hooks = withCallbacks(options.hooks, openCallbacks(redis, seal, resultTtlSeconds));
  const parts = { redis, seal, hooks, types, resultTtlSeconds, outputSpaceBytes, worker, running, recentOutcomes, queues, node, ledger };
  const channels = createChannels({ redis, subscriber: options.subscriber, seal, end: 'worker', process: worker });
  const restorer = createRestorer(parts);
  const runJob = createJobRunner({
    ...parts,
    channels,
    maxOutputBytes,
    perform,
    onForged,
    onPossibleDataLoss: restorer.recordPossibleDataLoss,
    tracing,
  });
  const workers = lanes.map(lane =>
    startLaneWorker(redis, { node, lane, worker, concurrency: concurrency[lane], resultTtlSeconds }, runJob),
  );
  const report = (isTaking: boolean) =>
    Promise.all(lanes.map(lane => reportSlots(redis, { node, lane, worker, slots: isTaking ? concurrency[lane] : 0 })));
  let isDraining = false;
  const tasks = [
    runPeriodically(intervalsMs.cancels, async () => {
      if (running.size === 0) return;
      for (const id of await redis.smembers(keys.cancels(node))) {
        running
          .get(id)
          ?.controller.abort(new JobOutcomeError('cancelled', 'The job was cancelled; its command was ended in the container too.'));
      }
    }),
    runPeriodically(intervalsMs.orphans, recoverOrphans({ ...parts, recover })),
    runPeriodically(intervalsMs.lostJobs, recoverLostJobs(parts)),
    runPeriodically(intervalsMs.restore, restorer.restore),
    runPeriodically(intervalsMs.slots, async () => void (await report(!isDraining))),
    runPeriodically(intervalsMs.ledger, async () => ledger.clean()),
  ];
  return {
    readState: id => readJobState(parts, id),
    async drain() {
      isDraining = true;
      report(false).catch(() => {});
      const closed = Promise.all(workers.map(one => one.close()));
      // BullMQ waits for the reply to its last command, which never comes if Redis is gone. A job that the reply would assign to
      // this worker has not begun, and is requeued once the worker counts as dead.
      const { promise: abandoned, resolve } = Promise.withResolvers<void>();
      const checks = runPeriodically(intervalsMs.drain, async () => {
        if (running.size === 0 && redis.status !== 'ready') resolve();
      });
      await Promise.race([closed, abandoned]).finally(checks.stop);
    },
    cancelAll(reason) {
      for (const { controller } of running.values()) controller.abort(reason);
    },
    stop() {
      for (const task of tasks) task.stop();
      channels.stop();
    },
  };
}
