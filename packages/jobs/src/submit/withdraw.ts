import type { RedisClient } from '@podman-api/redis';
import type { EndHooks } from '../ended-job.ts';
import { releaseSlot } from '../fair-share/held-jobs.ts';
import { createOutcome, isEndStatus, type Outcome } from '../job.ts';
import { endQueuedJob } from '../record/end-queued.ts';
import { originOf, outcomeOf, readRecord } from '../record/record.ts';
import type { Seal } from '../seal.ts';
import { releaseKey } from './idempotency.ts';

/** Options of `withdraw`. */
export interface Withdrawal {
  /** The id of the caller that stops waiting; the job continues if another caller waits. Default: the job is withdrawn for all callers. */
  readonly callerId?: string | undefined;
  /** Default: an outcome with the status `withdrawn`. */
  readonly outcome?: Outcome;
}

/** Dependencies for withdrawing jobs. */
export interface WithdrawParts {
  readonly redis: RedisClient;
  readonly seal: Seal;
  readonly hooks: EndHooks;
  readonly resultTtlSeconds: number;
}

/**
 * Withdraws a job that no worker has begun: it never runs, and its Idempotency-Key is released. Idempotent.
 * @returns the outcome of the job, which is another one if the job had already ended; `undefined` if the job continues
 */
export async function withdraw(parts: WithdrawParts, id: string, { callerId, outcome }: Withdrawal = {}): Promise<Outcome | undefined> {
  const { redis, resultTtlSeconds, seal, hooks } = parts;
  const end = outcome ?? createOutcome('withdrawn');
  const isEnded = await endQueuedJob(redis, { id, outcome: end, resultTtlSeconds, callerId });
  const record = await readRecord(redis, id);
  if (isEnded && record) {
    if (record.token !== '') await releaseSlot(redis, id);
    const ended = { id, job: originOf(record), outcome: end, durationMs: null };
    hooks.onEnd(ended);
    await hooks.onStored(ended, true);
  }
  if (record?.claim !== undefined && record.status === 'withdrawn') await releaseKey(redis, record.claim, id);
  else if (record?.claim !== undefined && isEndStatus(record.status)) await redis.expire(record.claim, resultTtlSeconds);
  return record && outcomeOf(record, seal, id);
}

/** Dependencies for withdrawing jobs that may not have been added. */
export interface UncertainParts extends WithdrawParts {
  /**
   * Jobs that may or may not have been added because Redis became unavailable: id of the waiting caller by job id.
   * `undefined` for a job without an Idempotency-Key, which has no other callers.
   */
  readonly uncertainJobs: Map<string, string | undefined>;
}

/**
 * Withdraws a job of which it is unknown whether it was added when Redis stopped responding. No caller waits for it, so it must not run.
 * The command arrives after the job, if that is still on its way, unless the connection was lost meanwhile. A failed attempt is repeated
 * when Redis is available again, see `endAbandonedJobs`.
 * @param callerId the id of the caller that stopped waiting: the job continues if other callers wait. Default: there are no other callers
 */
export async function withdrawUncertain(parts: UncertainParts, id: string, callerId?: string): Promise<void> {
  parts.uncertainJobs.set(id, callerId);
  await withdraw(parts, id, { callerId }).then(
    () => parts.uncertainJobs.delete(id),
    () => {},
  );
}
