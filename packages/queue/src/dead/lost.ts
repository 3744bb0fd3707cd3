import { UnrecoverableError } from 'bullmq';
import type { Redis } from 'ioredis';
import { lanes } from '../names.ts';
import type { Queues } from '../queues.ts';
import { isEnd, readRecord } from '../record/record.ts';

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
  let suspects = new Set<string>();
  return async () => {
    const seen = new Set<string>();
    for (const lane of lanes) {
      const queue = queues.of(node, lane);
      const ids = (await redis.lrange(queue.toKey('active'), 0, -1)).filter(id => !running.has(id));
      const owners = await Promise.all(ids.map(id => redis.hget(queue.toKey(id), 'pb')));
      for (const id of ids.filter((_, index) => owners[index] === worker)) {
        seen.add(id);
        if (!suspects.has(id)) continue;
        const job = await queue.getJob(id);
        const status = (await readRecord(redis, id))?.status ?? 'queued';
        if (running.has(id)) continue;
        if (isEnd(status)) await job?.moveToFailed(new UnrecoverableError(status), '0');
        else if (status === 'queued') await job?.moveToWait('0');
      }
    }
    suspects = seen;
  };
}
