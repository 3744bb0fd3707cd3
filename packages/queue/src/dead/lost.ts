import type { Redis } from 'ioredis';
import type { Queues } from '../queues.ts';
import { isEnd, readRecord } from '../record/record.ts';
import { giveBack, heldBy, putAway } from './held.ts';

export interface LostParts {
  readonly redis: Redis;
  readonly queues: Queues;
  readonly node: string;
  readonly worker: string;
  /** The jobs that this worker knows it has. */
  readonly running: ReadonlyMap<string, unknown>;
}

/**
 * Looks for jobs that BullMQ has given to this worker in an answer that never came, for a connection was cut: they
 * are given back, for nobody has begun them. Called now and then; a job must be seen twice, for one that is just
 * being taken or put away looks the same.
 */
export function findLost({ redis, queues, node, worker, running }: LostParts): () => Promise<void> {
  let suspects: ReadonlySet<string> = new Set();
  return async () => {
    const seen = (await heldBy(redis, queues, node, worker)).filter(id => !running.has(id));
    for (const id of seen.filter(one => suspects.has(one))) {
      const status = (await readRecord(redis, id))?.status ?? 'queued';
      if (running.has(id)) continue;
      if (isEnd(status)) await putAway(queues, id, status);
      else if (status === 'queued') await giveBack(queues, id);
    }
    suspects = new Set(seen);
  };
}
