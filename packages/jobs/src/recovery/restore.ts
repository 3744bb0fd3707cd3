import { JobEnded } from '@podman-api/errors';
import { onReconnect } from '@podman-api/redis';
import { isEndStatus } from '../job.ts';
import { keys } from '../keys.ts';
import { beginJob } from '../record/begin.ts';
import { type EndParts, storeEnd } from '../record/end.ts';
import type { RecentEnds } from '../worker/recent-ends.ts';
import type { RunningJob } from '../worker/run-job.ts';

export interface RestoreParts extends EndParts {
  readonly worker: string;
  /** The jobs that this worker runs, by id. */
  readonly running: ReadonlyMap<string, RunningJob>;
  readonly recentEnds: RecentEnds;
}

/** Restores what Redis may have lost of what this worker stored. */
export interface Restorer {
  /** Notes that Redis may have lost something. */
  noteDoubt(): void;
  /** Stores everything again, if Redis may have lost something since the last time. */
  restore(): Promise<void>;
}

/**
 * Creates a restorer. After a failover another server answers, or after a kill the same one, that may not know the last
 * moments: an ended job runs there, and a running one waits. The running jobs are restored first, because one that seems to
 * wait could be withdrawn as one that never ran.
 */
export function createRestorer(parts: RestoreParts): Restorer {
  const { redis, running, recentEnds } = parts;
  let doubts = 0;
  let restoredDoubts = 0;
  const noteDoubt = () => {
    doubts += 1;
  };
  onReconnect(redis, noteDoubt);
  return {
    noteDoubt,
    async restore() {
      if (restoredDoubts === doubts) return;
      const current = doubts;
      await Promise.all([...running].map(([id, job]) => restoreBegin(parts, id, job)));
      await Promise.all(recentEnds.all.map(({ ended }) => restoreEnd(parts, ended.id)));
      restoredDoubts = current;
    },
  };
}

async function restoreBegin({ redis, worker, running }: RestoreParts, id: string, { data, controller }: RunningJob): Promise<void> {
  const answer = await beginJob(redis, id, data, worker);
  if (!running.has(id)) return;
  if (answer === 'withdrawn' || answer === 'cancelled' || answer === 'cancel') controller.abort(withdrawnMeanwhile);
}

const withdrawnMeanwhile = new JobEnded(
  'cancelled',
  'Redis had lost that the job was begun, and it was taken back meanwhile; its command was ended.',
);

/** Stores the end of a job again if Redis does not know that it has ended. */
export async function restoreEnd(parts: RestoreParts, id: string): Promise<void> {
  const end = parts.recentEnds.get(id);
  if (end && !isEndStatus((await parts.redis.hget(keys.record(id), 'status')) ?? '')) await storeEnd(parts, end);
}
