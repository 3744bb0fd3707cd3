import { JobEnded } from '@podman-api/errors';
import { findTask } from '@podman-api/operations';
import { ended, type OnEnd, type Outcome } from '../job.ts';
import { longestLife } from '../limits.ts';
import { keys } from '../names.ts';
import type { Fleet } from '../nodes/fleet.ts';
import { noWorker } from '../nodes/no-worker.ts';
import type { Queues } from '../queues.ts';
import { beginAgain } from '../record/begin.ts';
import { type EndParts, endJob } from '../record/end.ts';
import { historyOf, isEnd, type JobRecord, readRecord } from '../record/record.ts';
import { giveBack, heldBy, putAway } from './held.ts';

/** Limit for a living worker to find out what became of a create whose worker died; on a busy host podman takes seconds. */
const recoveryTimeoutMs = 30_000;
/** What BullMQ's copy of a job says that was ended here. */
const died = 'the worker died';

/** What a reaper works with. */
export interface ReaperParts extends EndParts {
  readonly queues: Queues;
  readonly fleet: Fleet;
  readonly onEnd: OnEnd;
}

/** Ends the jobs of workers that have died, in every API process: each step is safe to take twice. */
export interface Reaper {
  /** Looks for workers that have died, and for their jobs. */
  look(): void;
  /** Sees to a job whose record somebody has read, for BullMQ may have given up on it before. */
  onRecord(id: string, record: JobRecord): void;
}

export function createReaper(parts: ReaperParts): Reaper {
  const { fleet, redis } = parts;
  /** When a living worker was asked to find out about a job, by `performance.now()`. */
  const asked = new Map<string, number>();
  const look = async () => {
    for (const { id: worker, node } of fleet.gone) {
      const left = await heldBy(redis, node, worker);
      await Promise.all(left.map(id => reap(parts, asked, id, worker)));
      if (left.length === 0) await redis.hdel(keys.workers, worker);
    }
  };
  let looking = false;
  return {
    look() {
      if (looking) return;
      looking = true;
      look()
        .catch(() => {})
        .finally(() => {
          looking = false;
        });
    },
    onRecord(id, { status, worker }) {
      if (status === 'running' && worker !== undefined && fleet.isGone(worker)) reap(parts, asked, id, worker).catch(() => {});
    },
  };
}

async function reap(parts: ReaperParts, asked: Map<string, number>, id: string, worker: string): Promise<void> {
  const { redis, queues, fleet } = parts;
  const record = await readRecord(redis, id);
  // Given to the worker, but not begun: nothing has been done.
  if (record?.status === 'queued') return giveBack(queues, id);
  if (!record || isEnd(record.status)) return putAway(queues, id, died);
  if (record.worker !== worker) return;
  const operation = findTask(record.operation);
  const takes = fleet.takes(record.node);
  if (operation?.repeatable && takes) {
    await beginAgain(redis, id, worker);
    return giveBack(queues, id);
  }
  if (!operation?.repeatable) {
    const orphans = keys.orphans(record.node);
    const isFirst = !asked.has(id);
    if (isFirst) {
      await redis.sadd(orphans, id);
      await redis.expire(orphans, longestLife);
    }
    // A worker of the node looks whether the container is there; it removes the orphan from the set when it knows.
    const isBeingRecovered = operation?.makes !== undefined && takes && !isOverdue(asked, id);
    if (isBeingRecovered && (isFirst || (await redis.sismember(orphans, id)) === 1)) return;
  }
  asked.delete(id);
  const outcome = operation?.repeatable ? ended('failed', { error: noWorker(record.node).toJSON() }) : unknown();
  const { birth, duration } = historyOf(record);
  if (await endJob(parts, { id, data: birth, outcome, duration, ifOf: worker })) parts.onEnd(id, birth, outcome, duration);
  await putAway(queues, id, died);
}

function isOverdue(asked: Map<string, number>, id: string): boolean {
  const since = asked.get(id) ?? performance.now();
  asked.set(id, since);
  return performance.now() - since > recoveryTimeoutMs;
}

function unknown(): Outcome {
  const message = 'The outcome is unknown: the worker died while it ran the job. It is not run again; look before you repeat it.';
  return ended('unknown', { error: new JobEnded('unknown', message).toJSON() });
}
