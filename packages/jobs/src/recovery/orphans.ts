import { findBullJob } from '../bullmq/active-jobs.ts';
import type { Queues } from '../bullmq/queues.ts';
import { isEndStatus, type Outcome } from '../job.ts';
import { keys } from '../keys.ts';
import { type EndParts, endJob } from '../record/end.ts';
import { readRecord, runTimeMs } from '../record/record.ts';
import { isSigned } from '../signature.ts';
import type { ReceivedJob } from '../worker/run-job.ts';

/** How often a worker tries to recover a job; after that another worker of the node may, or one that starts later. */
const maxAttempts = 5;

/** A job whose worker died, for a living worker of its node. */
export type Orphan = Pick<ReceivedJob, 'id' | 'operation' | 'input'>;

/**
 * Ends what is left of an orphan and returns its outcome, if that can be observed.
 * @throws Error if it cannot look
 */
export type Recover = (orphan: Orphan) => Promise<Outcome | undefined>;

export interface OrphanParts extends EndParts {
  readonly queues: Queues;
  readonly node: string;
  readonly recover: Recover;
}

/** Creates the task that recovers the orphans of this node. All workers of the node run it: recovering twice is the same as once. */
export function recoverOrphans(parts: OrphanParts): () => Promise<void> {
  const { redis, node } = parts;
  const inProgress = new Set<string>();
  const attempts = new Map<string, number>();
  return async () => {
    for (const id of await redis.smembers(keys.orphans(node))) {
      const attempted = attempts.get(id) ?? 0;
      if (inProgress.has(id) || attempted >= maxAttempts) continue;
      inProgress.add(id);
      attempts.set(id, attempted + 1);
      recoverOrphan(parts, id)
        .then(() => attempts.delete(id))
        .catch(() => {})
        .finally(() => inProgress.delete(id));
    }
  };
}

async function recoverOrphan(parts: OrphanParts, id: string): Promise<void> {
  const { redis, seal, queues, node, recover, hooks } = parts;
  const record = await readRecord(redis, id);
  const data = (await findBullJob(queues, id))?.data;
  // Only the signed job decides what is ended or removed here: nobody without the key has created it.
  if (record && data?.node === node && isSigned(seal, id, data)) {
    const outcome = await recover({ id, operation: data.operation, input: data.input });
    const ended = outcome && { id, job: data, outcome, durationMs: runTimeMs(record) };
    if (ended && !isEndStatus(record.status) && (await endJob(parts, { ended }))) hooks.onEnd(ended);
  }
  await redis.srem(keys.orphans(node), id);
}
