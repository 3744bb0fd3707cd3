import { ended, type JobData, type Outcome } from '../job.ts';
import { keys, placeOf } from '../names.ts';
import type { Queues } from '../queues.ts';
import { type EndParts, endJob } from '../record/end.ts';
import { isEnd, readRecord } from '../record/record.ts';
import type { ReceivedJob } from '../worker/run-job.ts';

/** A job whose worker died, for one that lives. */
export type Orphan = Pick<ReceivedJob, 'id' | 'operation' | 'input'>;

/** Ends what is left of a job whose worker died, and tells its outcome where one can be seen; never throws. */
export type Recover = (orphan: Orphan) => Promise<Outcome | undefined>;

export interface OrphanParts extends EndParts {
  readonly queues: Queues;
  readonly node: string;
  readonly recover: Recover;
}

/**
 * Sees to the jobs of this node whose workers have died. Each worker of the node does: to see to one twice is no
 * different from once.
 */
export function adoptOrphans(parts: OrphanParts): () => Promise<void> {
  const { redis, node } = parts;
  const underWay = new Set<string>();
  return async () => {
    for (const id of await redis.smembers(keys.orphans(node))) {
      if (underWay.has(id)) continue;
      underWay.add(id);
      adopt(parts, id)
        .catch(() => {})
        .finally(() => underWay.delete(id));
    }
  };
}

async function adopt(parts: OrphanParts, id: string): Promise<void> {
  const { redis, queues, node, recover } = parts;
  const place = placeOf(id);
  const record = await readRecord(redis, id);
  const job = place && (await queues.of(place.node, place.lane).getJob(id));
  if (record) {
    const data: JobData | undefined = job?.data;
    const outcome = await recover({ id, operation: record.operation, input: { name: record.container, ...data?.input } });
    if (outcome && (!isEnd(record.status) || record.status === 'unknown')) await endJob(parts, { id, data: record, outcome });
  }
  await redis.srem(keys.orphans(node), id);
}

/** An outcome that was found out afterwards. */
export function recovered(result: object): Outcome {
  return ended('succeeded', { result });
}
