import { JobEnded } from '@podman-api/errors';
import { keys } from '../names.ts';
import { begin } from '../record/begin.ts';
import { type EndParts, sendEnd } from '../record/end.ts';
import { isEnd } from '../record/record.ts';
import type { RedisClient } from '../redis.ts';
import type { RunningJob } from '../worker/run-job.ts';
import type { Told } from '../worker/told.ts';

export interface DoubtParts extends EndParts {
  readonly worker: string;
  /** The jobs that this worker runs. */
  readonly running: ReadonlyMap<string, RunningJob>;
  readonly told: Told;
}

/** Whether Redis may have lost what it had acknowledged to this worker. */
export interface Doubt {
  /** From now on it may have. */
  raise(): void;
  /** Where it may have, tells it all again. */
  look(): Promise<void>;
}

/**
 * Another server answers after a failover, or the same one after a kill, and may not know the last moments: there, a job
 * that has ended still runs, and one that runs still waits. What this worker told is told again then: first the jobs
 * that run, for one that seems to wait could be withdrawn as one that never ran.
 */
export function createDoubt(parts: DoubtParts): Doubt {
  const { redis } = parts;
  let raised = 0;
  let settled = 0;
  const raise = () => {
    raised += 1;
  };
  for (const event of signsOf(redis)) redis.on(event, raise);
  return {
    raise,
    async look() {
      if (settled === raised) return;
      const looked = raised;
      await Promise.all([...parts.running].map(([id, job]) => beginAgain(parts, id, job)));
      await Promise.all(parts.told.all.map(end => endAgain(parts, end.id)));
      settled = looked;
    },
  };
}

/** ioredis's events at which another server may answer. */
export function signsOf(redis: RedisClient): readonly string[] {
  return redis.isCluster ? ['ready', '+node', '-node'] : ['ready'];
}

async function beginAgain({ redis, worker, running }: DoubtParts, id: string, { data, controller }: RunningJob): Promise<void> {
  const answer = await begin(redis, id, data, worker);
  if (!running.has(id)) return;
  if (answer === 'withdrawn' || answer === 'cancelled' || answer === 'cancel') controller.abort(takenBack);
}

const takenBack = new JobEnded(
  'cancelled',
  'Redis had lost that the job was begun, and it was taken back meanwhile; its command was ended.',
);

/** Ends a job again of which Redis does not know that it has ended. */
export async function endAgain(parts: DoubtParts, id: string): Promise<void> {
  const end = parts.told.of(id);
  if (end && !isEnd((await parts.redis.hget(keys.record(id), 'status')) ?? '')) await sendEnd(parts, end);
}
