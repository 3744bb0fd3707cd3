import type { OnEnd, Outcome } from '../job.ts';
import { keys } from '../names.ts';
import type { Queues } from '../queues.ts';
import { type EndParts, endJob } from '../record/end.ts';
import { historyOf, isEnd, readRecord } from '../record/record.ts';
import { isSigned } from '../signature.ts';
import type { ReceivedJob } from '../worker/run-job.ts';
import { heldJob } from './held.ts';

/** How often a worker tries to see to a job; where it can't, another of the node may, or one that starts later. */
const mostTries = 5;

/** A job whose worker died, for one that lives. */
export type Orphan = Pick<ReceivedJob, 'id' | 'operation' | 'input'>;

/** Ends what is left of a job whose worker died, and tells its outcome where one can be seen; throws where it can't look. */
export type Recover = (orphan: Orphan) => Promise<Outcome | undefined>;

export interface OrphanParts extends EndParts {
  readonly queues: Queues;
  readonly node: string;
  readonly recover: Recover;
  readonly onEnd: OnEnd;
}

/**
 * Sees to the jobs of this node whose workers have died. Each worker of the node does: to see to one twice is no
 * different from once.
 */
export function adoptOrphans(parts: OrphanParts): () => Promise<void> {
  const { redis, node } = parts;
  const underWay = new Set<string>();
  const tries = new Map<string, number>();
  return async () => {
    for (const id of await redis.smembers(keys.orphans(node))) {
      const tried = tries.get(id) ?? 0;
      if (underWay.has(id) || tried >= mostTries) continue;
      underWay.add(id);
      tries.set(id, tried + 1);
      adopt(parts, id)
        .then(() => tries.delete(id))
        .catch(() => {})
        .finally(() => underWay.delete(id));
    }
  };
}

async function adopt(parts: OrphanParts, id: string): Promise<void> {
  const { redis, seal, queues, node, recover, onEnd } = parts;
  const record = await readRecord(redis, id);
  const data = (await heldJob(queues, id))?.data;
  // What is ended or removed here is told by the job alone, which nobody without the key has made.
  if (record && data?.node === node && isSigned(seal, id, data)) {
    const outcome = await recover({ id, operation: data.operation, input: data.input });
    const { duration } = historyOf(record);
    if (outcome && !isEnd(record.status) && (await endJob(parts, { id, data, outcome, duration }))) onEnd(id, data, outcome, duration);
  }
  await redis.srem(keys.orphans(node), id);
}
