import { JobOutcomeError } from '@podman-api/errors';
import { onReconnect } from '@podman-api/redis';
import { isEndStatus } from '../job.ts';
import { keys } from '../keys.ts';
import { beginJob } from '../record/begin.ts';
import { type EndParts, storePreparedOutcome } from '../record/end.ts';
import type { RecentOutcomes } from '../worker/recent-outcomes.ts';
import type { RunningJob } from '../worker/run-job.ts';

/** Dependencies of a restorer. */
export interface RestoreParts extends EndParts {
  readonly worker: string;
  /** The jobs that this worker runs, by id. */
  readonly running: ReadonlyMap<string, RunningJob>;
  readonly recentOutcomes: RecentOutcomes;
}

/** Stores again what this worker has stored and Redis may have lost. */
export interface Restorer {
  /** Records that Redis may have lost acknowledged writes. */
  recordPossibleDataLoss(): void;
  /** Stores everything again if Redis may have lost writes since the last successful call. */
  restore(): Promise<void>;
}

/**
 * Creates a restorer. After a failover or a crash, Redis may lack the last writes: an ended job is `running` there, and a running
 * one is `queued`. Running jobs are restored first, because an API process could withdraw a job that is `queued`.
 */
export function createRestorer(parts: RestoreParts): Restorer {
  const { redis, running, recentOutcomes } = parts;
  let possibleLosses = 0;
  let restoredLosses = 0;
  const recordPossibleDataLoss = () => {
    possibleLosses += 1;
  };
  onReconnect(redis, recordPossibleDataLoss);
  return {
    recordPossibleDataLoss,
    async restore() {
      if (restoredLosses === possibleLosses) return;
      const lossesAtStart = possibleLosses;
      await Promise.all([...running].map(([id, job]) => restoreBegin(parts, id, job)));
      await Promise.all(recentOutcomes.all.map(({ ended }) => restoreEnd(parts, ended.id)));
      restoredLosses = lossesAtStart;
    },
  };
}

async function restoreBegin({ redis, worker, running }: RestoreParts, id: string, { data, controller }: RunningJob): Promise<void> {
  const answer = await beginJob(redis, id, data, worker);
  if (!running.has(id)) return;
  if (answer === 'withdrawn' || answer === 'cancelled' || answer === 'cancel') controller.abort(withdrawnError);
}

const withdrawnError = new JobOutcomeError(
  'cancelled',
  'Redis lost the start of the job, and the job was withdrawn meanwhile; its command was ended.',
);

/** Stores a job's outcome again if Redis does not have it. */
export async function restoreEnd(parts: RestoreParts, id: string): Promise<void> {
  const prepared = parts.recentOutcomes.get(id);
  if (prepared && !isEndStatus((await parts.redis.hget(keys.record(id), 'status')) ?? '')) await storePreparedOutcome(parts, prepared);
}
