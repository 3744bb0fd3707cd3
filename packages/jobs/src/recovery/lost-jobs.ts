import { JobEnded } from '@podman-api/errors';
import { activeJobsOf, moveToFailed, requeue } from '../bullmq/active-jobs.ts';
import type { Queues } from '../bullmq/queues.ts';
import { endedNow, isEndStatus } from '../job.ts';
import type { JobTypes } from '../job-type.ts';
import { resetToQueued } from '../record/begin.ts';
import { endJob } from '../record/end.ts';
import { type JobRecord, originOf, readRecord, runTimeMs } from '../record/record.ts';
import type { Ledger } from '../worker/ledger.ts';
import { type RestoreParts, restoreEnd } from './restore.ts';

export interface LostJobsParts extends RestoreParts {
  readonly queues: Queues;
  readonly node: string;
  readonly ledger: Ledger;
  readonly types: JobTypes;
}

/**
 * Creates the task that looks for jobs that BullMQ has given to this worker although the worker does not run them: the answer
 * got lost with a connection and nobody has begun them, or they have ended and Redis has lost that. A job must be seen in two
 * runs, because one that is just being taken or returned looks the same.
 */
export function settleLostJobs(parts: LostJobsParts): () => Promise<void> {
  const { redis, node, worker, running } = parts;
  let suspects: ReadonlySet<string> = new Set();
  return async () => {
    const seen = (await activeJobsOf(redis, node, worker)).filter(id => !running.has(id));
    for (const id of seen.filter(one => suspects.has(one))) {
      const record = await readRecord(redis, id);
      if (running.has(id)) continue;
      await settle(parts, id, record);
    }
    suspects = new Set(seen);
  };
}

async function settle(parts: LostJobsParts, id: string, record: JobRecord | undefined): Promise<void> {
  const { redis, queues, worker, recentEnds, ledger, types, hooks } = parts;
  if (recentEnds.get(id)) {
    await restoreEnd(parts, id);
    return moveToFailed(queues, id, 'it had ended before');
  }
  if (!record || record.status === 'queued') return requeue(queues, id);
  if (isEndStatus(record.status)) return moveToFailed(queues, id, record.status);
  if (record.worker !== worker) return;
  if (types(record.operation)?.repeatable || !ledger.has(id)) {
    await resetToQueued(redis, id, worker);
    return requeue(queues, id);
  }
  const ended = { id, job: originOf(record), outcome: endedNow('unknown', { error: lostEnd.toJSON() }), durationMs: runTimeMs(record) };
  if (await endJob(parts, { ended, ifRunBy: worker })) hooks.onEnd(ended);
  await moveToFailed(queues, id, lostEnd.message);
}

const lostEnd = new JobEnded(
  'unknown',
  'The outcome is unknown: Redis has lost how the job ended, and so has its worker. It is not run again; look before you repeat it.',
);
