import { JobEnded } from '@podman-api/errors';
import { findTask } from '@podman-api/operations';
import { ended, type OnEnd } from '../job.ts';
import type { Queues } from '../queues.ts';
import { beginAgain } from '../record/begin.ts';
import { endJob } from '../record/end.ts';
import { historyOf, isEnd, type JobRecord, readRecord } from '../record/record.ts';
import type { Ledger } from '../worker/ledger.ts';
import { type DoubtParts, endAgain } from './doubt.ts';
import { giveBack, heldBy, putAway } from './held.ts';

export interface LostParts extends DoubtParts {
  readonly queues: Queues;
  readonly node: string;
  readonly ledger: Ledger;
  readonly onEnd: OnEnd;
}

/**
 * Looks for jobs that BullMQ has given to this worker though it does not run them: in an answer that never came, for a
 * connection was cut, and nobody has begun them; or they have ended, and Redis has lost that. Called now and then; a job
 * must be seen twice, for one that is just being taken or put away looks the same.
 */
export function findLost(parts: LostParts): () => Promise<void> {
  const { redis, node, worker, running } = parts;
  let suspects: ReadonlySet<string> = new Set();
  return async () => {
    const seen = (await heldBy(redis, node, worker)).filter(id => !running.has(id));
    for (const id of seen.filter(one => suspects.has(one))) {
      const record = await readRecord(redis, id);
      if (running.has(id)) continue;
      await settle(parts, id, record);
    }
    suspects = new Set(seen);
  };
}

async function settle(parts: LostParts, id: string, record: JobRecord | undefined): Promise<void> {
  const { redis, queues, worker, told, ledger } = parts;
  if (told.of(id)) {
    await endAgain(parts, id);
    return putAway(queues, id, 'it had ended before');
  }
  if (!record || record.status === 'queued') return giveBack(queues, id);
  if (isEnd(record.status)) return putAway(queues, id, record.status);
  if (record.worker !== worker) return;
  if (findTask(record.operation)?.repeatable || !ledger.has(id)) {
    await beginAgain(redis, id, worker);
    return giveBack(queues, id);
  }
  const { birth, duration } = historyOf(record);
  const outcome = ended('unknown', { error: forgotten.toJSON() });
  if (await endJob(parts, { id, data: birth, outcome, duration, ifOf: worker })) parts.onEnd(id, birth, outcome, duration);
  await putAway(queues, id, forgotten.message);
}

const forgotten = new JobEnded(
  'unknown',
  'The outcome is unknown: Redis has lost how the job ended, and so has its worker. It is not run again; look before you repeat it.',
);
