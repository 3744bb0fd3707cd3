import { JobEnded } from '@podman-api/errors';
import { operations } from '@podman-api/operations';
import { UnrecoverableError } from 'bullmq';
import { ended, type Outcome } from '../job.ts';
import { keys, lanes, placeOf } from '../names.ts';
import type { Directory } from '../nodes/directory.ts';
import { noWorker } from '../nodes/no-worker.ts';
import type { Queues } from '../queues.ts';
import { beginAgain } from '../record/begin.ts';
import { type EndParts, endJob } from '../record/end.ts';
import { isEnd, type JobRecord, readRecord } from '../record/record.ts';

/** For a worker that may come back later, in seconds. */
const orphansKept = 2 * 86_400;
/** A worker that lives may take so long to find out what became of a create whose worker died, in ms. */
const patience = 3000;

/** What a reaper works with. */
export interface ReaperParts extends EndParts {
  readonly queues: Queues;
  readonly directory: Directory;
}

/** Ends the jobs of workers that have died, in every API process: each step is safe to take twice. */
export interface Reaper {
  /** Looks for workers that have died, and for their jobs. */
  look(): void;
  /** Sees to a job whose record somebody has read, for BullMQ may have given up on it before. */
  onRecord(id: string, record: JobRecord): void;
}

export function createReaper(parts: ReaperParts): Reaper {
  const { directory, redis } = parts;
  /** Since when jobs are with another worker that is to find out about them, by `performance.now()`. */
  const asked = new Map<string, number>();
  const look = async () => {
    for (const { id: worker, node } of directory.gone) {
      const left = await activeJobs(parts, node, worker);
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
      if (status === 'running' && worker !== undefined && directory.isGone(worker)) reap(parts, asked, id, worker).catch(() => {});
    },
  };
}

/** The jobs that BullMQ has given to a worker and not had back. */
async function activeJobs({ redis, queues }: ReaperParts, node: string, worker: string): Promise<string[]> {
  const perLane = await Promise.all(
    lanes.map(async lane => {
      const queue = queues.of(node, lane);
      const ids = await redis.lrange(queue.toKey('active'), 0, -1);
      const owners = await Promise.all(ids.map(id => redis.hget(queue.toKey(id), 'pb')));
      return ids.filter((_, index) => owners[index] === worker);
    }),
  );
  return perLane.flat();
}

async function reap(parts: ReaperParts, asked: Map<string, number>, id: string, worker: string): Promise<void> {
  const { redis, directory } = parts;
  const record = await readRecord(redis, id);
  // Given to the worker, but not begun: nothing has been done.
  if (record?.status === 'queued') return giveBack(parts, id);
  if (!record || isEnd(record.status)) return putAway(parts, id);
  if (record.worker !== worker) return;
  const operation = operations.find(({ name }) => name === record.operation);
  const takes = directory.takes(record.node);
  if (operation?.repeatable && takes) {
    await beginAgain(redis, id, worker);
    return giveBack(parts, id);
  }
  if (!operation?.repeatable) {
    await redis.sadd(keys.orphans(record.node), id);
    await redis.expire(keys.orphans(record.node), orphansKept);
    // A worker of the node sees whether the container is there; it has a moment before the outcome is unknown.
    if (operation?.name === 'container.create' && takes && !isOverdue(asked, id)) return;
  }
  asked.delete(id);
  const outcome = operation?.repeatable ? ended('failed', { error: noWorker(record.node).toJSON() }) : unknown();
  await endJob(parts, { id, data: record, outcome, ifOf: worker });
  await putAway(parts, id);
}

function isOverdue(asked: Map<string, number>, id: string): boolean {
  const since = asked.get(id) ?? performance.now();
  asked.set(id, since);
  return performance.now() - since > patience;
}

function unknown(): Outcome {
  const message = 'The outcome is unknown: the worker died while it ran the job. It is not run again; look before you repeat it.';
  return ended('unknown', { error: new JobEnded('unknown', message).toJSON() });
}

/** Puts a job back to the front of those that wait. */
async function giveBack(parts: ReaperParts, id: string): Promise<void> {
  await (await jobOf(parts, id))?.moveToWait('0');
}

/** Takes a job that has ended out of BullMQ's list of those that run. */
async function putAway(parts: ReaperParts, id: string): Promise<void> {
  await (await jobOf(parts, id))?.moveToFailed(new UnrecoverableError('the worker died'), '0');
}

async function jobOf({ queues }: ReaperParts, id: string) {
  const place = placeOf(id);
  return place && queues.of(place.node, place.lane).getJob(id);
}
