import { findBullJob } from '../bullmq/active-jobs.ts';
import type { Queues } from '../bullmq/queues.ts';
import { isEndStatus, type Outcome } from '../job.ts';
import { keys } from '../keys.ts';
import { type EndParts, endJob } from '../record/end.ts';
import { readRecord, runTimeMs } from '../record/record.ts';
import { isSigned } from '../signature.ts';
import type { ReceivedJob } from '../worker/run-job.ts';

/** Maximum attempts of one worker per job. Other workers of the node, also ones that start later, have their own attempts. */
const maxAttempts = 5;

/** A job whose worker died, to be recovered by another worker of its node. */
export type Orphan = Pick<ReceivedJob, 'id' | 'operation' | 'token' | 'input'>;

/**
 * Ends the remaining processes of an orphan.
 * @returns its outcome; `undefined` if that cannot be determined
 * @throws Error if podman cannot be queried; recovery is then tried again
 */
export type Recover = (orphan: Orphan) => Promise<Outcome | undefined>;

/** Dependencies of `recoverOrphans`. */
export interface OrphanParts extends EndParts {
  readonly queues: Queues;
  readonly node: string;
  readonly recover: Recover;
}

/** Creates the task that recovers the orphans of this node. All workers of the node run it, because recovery is idempotent. */
export function recoverOrphans(parts: OrphanParts): () => Promise<void> {
  const { redis, node } = parts;
  const inProgress = new Set<string>();
  const attempts = new Map<string, number>();
  return async () => {
    const ids = new Set(await redis.smembers(keys.orphans(node)));
    // Another worker may have recovered an orphan after an attempt of this one has failed.
    for (const id of attempts.keys()) if (!ids.has(id)) attempts.delete(id);
    for (const id of ids) {
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
  // Only the signed job decides what to end, because any client with access to Redis can change the record.
  if (record && data?.node === node && isSigned(seal, id, data)) {
    const outcome = await recover({ id, operation: data.operation, token: data.token, input: data.input });
    const ended = outcome && { id, job: data, outcome, durationMs: runTimeMs(record) };
    if (ended && !isEndStatus(record.status) && (await endJob(parts, { ended }))) hooks.onEnd(ended);
  }
  await redis.srem(keys.orphans(node), id);
}
