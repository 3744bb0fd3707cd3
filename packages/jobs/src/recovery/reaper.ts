import { JobEnded } from '@podman-api/errors';
import type { RedisClient } from '@podman-api/redis';
import { activeJobsOf, moveToFailed, requeue } from '../bullmq/active-jobs.ts';
import type { Queues } from '../bullmq/queues.ts';
import { endedNow, isEndStatus, noWorker, type Outcome } from '../job.ts';
import type { JobTypes } from '../job-type.ts';
import { keys } from '../keys.ts';
import { maxJobLifeSeconds } from '../limits.ts';
import { resetToQueued } from '../record/begin.ts';
import { type EndParts, endJob } from '../record/end.ts';
import { type JobRecord, originOf, readRecord, runTimeMs } from '../record/record.ts';
import type { WorkerWatch } from '../worker-watch.ts';

/** Limit for a living worker to find out what became of a create whose worker died; on a busy host podman takes seconds. */
const recoveryTimeoutMs = 30_000;
/** The failure that BullMQ's copy of a job gets that is ended here. */
const workerDied = 'the worker died';

/** What a reaper needs. */
export interface ReaperParts extends EndParts {
  readonly queues: Queues;
  readonly workers: WorkerWatch;
  readonly types: JobTypes;
}

/** Ends the jobs of dead workers. Every API process has one: each step is safe to repeat. */
export interface Reaper {
  /** Looks for dead workers and their jobs. */
  look(): void;
  /** Checks a job whose record was read, because BullMQ may have given up on the job before. */
  onRecord(id: string, record: JobRecord): void;
}

export function createReaper(parts: ReaperParts): Reaper {
  const { workers, redis } = parts;
  /** When a living worker was asked to find out about a job, by `performance.now()`. */
  const askedAt = new Map<string, number>();
  const lookAt = async () => {
    for (const { id: worker, node } of workers.gone) {
      const left = await activeJobsOf(redis, node, worker);
      await Promise.all(left.map(id => reap(parts, askedAt, id, worker)));
      if (left.length === 0) await workers.forgetWorker(worker);
    }
  };
  let isLooking = false;
  return {
    look() {
      if (isLooking) return;
      isLooking = true;
      lookAt()
        .catch(() => {})
        .finally(() => {
          isLooking = false;
        });
    },
    onRecord(id, { status, worker }) {
      if (status === 'running' && worker !== undefined && workers.isGone(worker)) reap(parts, askedAt, id, worker).catch(() => {});
    },
  };
}

async function reap(parts: ReaperParts, askedAt: Map<string, number>, id: string, worker: string): Promise<void> {
  const { redis, queues, workers, types } = parts;
  const record = await readRecord(redis, id);
  // Given to the worker, but not begun: nothing has been done.
  if (record?.status === 'queued') return requeue(queues, id);
  if (!record || isEndStatus(record.status)) return moveToFailed(queues, id, workerDied);
  if (record.worker !== worker) return;
  const isRepeatable = types(record.operation)?.repeatable ?? false;
  const hasWorker = workers.takes(record.node);
  if (isRepeatable && hasWorker) {
    await resetToQueued(redis, id, worker);
    return requeue(queues, id);
  }
  if (!isRepeatable) {
    const isFirst = !askedAt.has(id);
    if (isFirst) await addOrphan(redis, record.node, id);
    // A worker of the node looks whether what the job creates exists; it removes the orphan from the set when it knows.
    const isBeingRecovered = record.reserved_name !== undefined && hasWorker && !isOverdue(askedAt, id);
    if (isBeingRecovered && (isFirst || (await redis.sismember(keys.orphans(record.node), id)) === 1)) return;
  }
  askedAt.delete(id);
  const outcome = isRepeatable ? endedNow('failed', { error: noWorker(record.node).toJSON() }) : unknownOutcome();
  const ended = { id, job: originOf(record), outcome, durationMs: runTimeMs(record) };
  if (await endJob(parts, { ended, ifRunBy: worker })) parts.hooks.onEnd(ended);
  await moveToFailed(queues, id, workerDied);
}

async function addOrphan(redis: RedisClient, node: string, id: string): Promise<void> {
  await redis.sadd(keys.orphans(node), id);
  await redis.expire(keys.orphans(node), maxJobLifeSeconds);
}

function isOverdue(askedAt: Map<string, number>, id: string): boolean {
  const since = askedAt.get(id) ?? performance.now();
  askedAt.set(id, since);
  return performance.now() - since > recoveryTimeoutMs;
}

function unknownOutcome(): Outcome {
  const message = 'The outcome is unknown: the worker died while it ran the job. It is not run again; look before you repeat it.';
  return endedNow('unknown', { error: new JobEnded('unknown', message).toJSON() });
}
