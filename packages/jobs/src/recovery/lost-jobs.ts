import { unknownOutcomeError } from '@podman-api/errors';
import { findActiveJobs, moveToFailed, requeue } from '../bullmq/active-jobs.ts';
import type { Queues } from '../bullmq/queues.ts';
import { createOutcome, isEndStatus } from '../job.ts';
import type { JobTypes } from '../job-type.ts';
import { resetToQueued } from '../record/begin.ts';
import { endJob } from '../record/end.ts';
import { type JobRecord, originOf, readRecord, runTimeMs } from '../record/record.ts';
import type { Ledger } from '../worker/ledger.ts';
import { type RestoreParts, restoreEnd } from './restore.ts';

/** Dependencies of `recoverLostJobs`. */
export interface LostJobsParts extends RestoreParts {
  readonly queues: Queues;
  readonly node: string;
  readonly ledger: Ledger;
  readonly types: JobTypes;
}

/**
 * Creates the task that requeues or ends jobs that are active in BullMQ for this worker but do not run here: BullMQ's reply was
 * lost with a connection, or the job has ended and Redis has lost the outcome. A job must be found in two runs in a row, because a job
 * that is just starting or ending looks the same.
 */
export function recoverLostJobs(parts: LostJobsParts): () => Promise<void> {
  const { redis, node, worker, running } = parts;
  let suspects: ReadonlySet<string> = new Set();
  return async () => {
    const seen = (await findActiveJobs(redis, node, worker)).filter(id => !running.has(id));
    for (const id of seen.filter(one => suspects.has(one))) {
      const record = await readRecord(redis, id);
      if (running.has(id)) continue;
      await recoverOrEnd(parts, id, record);
    }
    suspects = new Set(seen);
  };
}

async function recoverOrEnd(parts: LostJobsParts, id: string, record: JobRecord | undefined): Promise<void> {
  const { redis, queues, worker, recentOutcomes, ledger, types, hooks } = parts;
  if (recentOutcomes.get(id)) {
    await restoreEnd(parts, id);
    return moveToFailed(queues, id, 'the job had already ended');
  }
  if (!record || record.status === 'queued') return requeue(queues, id);
  if (isEndStatus(record.status)) return moveToFailed(queues, id, record.status);
  if (record.worker !== worker) return;
  if (types(record.operation)?.isRepeatable || !ledger.has(id)) {
    await resetToQueued(redis, id, worker);
    return requeue(queues, id);
  }
  const ended = {
    id,
    job: originOf(record),
    outcome: createOutcome('unknown', { error: lostJobError.toJSON() }),
    durationMs: runTimeMs(record),
  };
  if (await endJob(parts, { ended, expectedWorker: worker })) hooks.onEnd(ended);
  await moveToFailed(queues, id, lostJobError.message);
}

const lostJobError = unknownOutcomeError('Redis and the worker have lost the outcome of the job', {
  advice: 'It is not run again: check its effect before you send it again.',
});
