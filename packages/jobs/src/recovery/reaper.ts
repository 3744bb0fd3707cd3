import { unknownOutcomeError } from '@podman-api/errors';
import type { RedisClient } from '@podman-api/redis';
import { ExpiringMap } from '@podman-api/runtime';
import { findActiveJobs, moveToFailed, requeue } from '../bullmq/active-jobs.ts';
import type { Queues } from '../bullmq/queues.ts';
import { createOutcome, isEndStatus, noWorkerError, type Outcome } from '../job.ts';
import type { JobTypes } from '../job-type.ts';
import { keys } from '../keys.ts';
import { maxJobLifeSeconds } from '../limits.ts';
import { resetToQueued } from '../record/begin.ts';
import { type EndParts, endJob } from '../record/end.ts';
import { type JobRecord, originOf, readRecord, runTimeMs } from '../record/record.ts';
import type { WorkerWatch } from '../worker-watch.ts';

/** Time limit for another worker to find out whether a create of a dead worker succeeded; podman takes seconds on a busy host. */
const recoveryTimeoutMs = 30_000;
/** Time after which a requested recovery is forgotten: another API process may have ended the job. */
const maxRequestAgeMs = 2 * recoveryTimeoutMs;
/** Failure reason in BullMQ for jobs that are ended here. */
const workerDied = 'the worker died';

/** Dependencies of a reaper. */
export interface ReaperParts extends EndParts {
  readonly queues: Queues;
  readonly workers: WorkerWatch;
  readonly types: JobTypes;
}

/** Ends the jobs of dead workers. Every API process has one; all steps are idempotent. */
export interface Reaper {
  /** Starts to end the jobs of all dead workers, unless that is already in progress. */
  reapAll(): void;
  /** Ends a job whose record names a dead worker. Needed for jobs that are no longer in BullMQ's active list. */
  onRecord(id: string, record: JobRecord): void;
}

/** Creates a reaper. It does nothing until one of its methods is called. */
export function createReaper(parts: ReaperParts): Reaper {
  const { workers, redis } = parts;
  /** When the recovery of a job was requested, by `performance.now()`. */
  const recoveryRequestedAtMs = new ExpiringMap<string, number>(maxRequestAgeMs);
  const reapDeadWorkers = async () => {
    for (const { id: worker, node } of workers.deadWorkers) {
      const activeIds = await findActiveJobs(redis, node, worker);
      await Promise.all(activeIds.map(id => reap(parts, recoveryRequestedAtMs, id, worker)));
      if (activeIds.length === 0) await workers.forgetWorker(worker);
    }
  };
  let isReaping = false;
  return {
    reapAll() {
      if (isReaping) return;
      isReaping = true;
      reapDeadWorkers()
        .catch(() => {})
        .finally(() => {
          isReaping = false;
        });
    },
    onRecord(id, { status, worker }) {
      if (status === 'running' && worker !== undefined && workers.isDead(worker))
        reap(parts, recoveryRequestedAtMs, id, worker).catch(() => {});
    },
  };
}

async function reap(parts: ReaperParts, recoveryRequestedAtMs: ExpiringMap<string, number>, id: string, worker: string): Promise<void> {
  const { redis, queues, workers, types } = parts;
  const record = await readRecord(redis, id);
  // Assigned to the worker but not begun.
  if (record?.status === 'queued') return requeue(queues, id);
  if (!record || isEndStatus(record.status)) {
    recoveryRequestedAtMs.delete(id);
    return moveToFailed(queues, id, workerDied);
  }
  if (record.worker !== worker) return;
  const { isRepeatable = false, isRecoveryAwaited = false } = types(record.operation) ?? {};
  const hasWorker = workers.canTakeJobs(record.node);
  if (isRepeatable && hasWorker) {
    await resetToQueued(redis, id, worker);
    return requeue(queues, id);
  }
  if (!isRepeatable) {
    const isFirst = !recoveryRequestedAtMs.has(id);
    if (isFirst) await addOrphan(redis, record.node, id);
    // A worker of the node checks whether the container exists, and removes the orphan from the set when it is done.
    const canBeRecovered = record.reserved_name !== undefined || isRecoveryAwaited;
    const isBeingRecovered = canBeRecovered && hasWorker && !isOverdue(recoveryRequestedAtMs, id);
    if (isBeingRecovered && (isFirst || (await redis.sismember(keys.orphans(record.node), id)) === 1)) return;
  }
  recoveryRequestedAtMs.delete(id);
  const outcome = isRepeatable ? createOutcome('failed', { error: noWorkerError(record.node).toJSON() }) : createUnknownOutcome();
  const ended = { id, job: originOf(record), outcome, durationMs: runTimeMs(record) };
  if (await endJob(parts, { ended, expectedWorker: worker })) parts.hooks.onEnd(ended);
  await moveToFailed(queues, id, workerDied);
}

async function addOrphan(redis: RedisClient, node: string, id: string): Promise<void> {
  await redis.sadd(keys.orphans(node), id);
  await redis.expire(keys.orphans(node), maxJobLifeSeconds);
}

function isOverdue(recoveryRequestedAtMs: ExpiringMap<string, number>, id: string): boolean {
  const requestedAtMs = recoveryRequestedAtMs.get(id);
  if (requestedAtMs === undefined) recoveryRequestedAtMs.set(id, performance.now());
  return requestedAtMs !== undefined && performance.now() - requestedAtMs > recoveryTimeoutMs;
}

function createUnknownOutcome(): Outcome {
  const advice = 'It is not run again: check its effect before you send it again.';
  return createOutcome('unknown', { error: unknownOutcomeError('the worker died while it ran the job', { advice }).toJSON() });
}
