import type { RedisClient } from '@podman-api/redis';
import type { EndHooks } from '../ended-job.ts';
import { endedNow, isEndStatus, type Outcome } from '../job.ts';
import { endQueuedJob } from '../record/end-queued.ts';
import { originOf, outcomeOf, readRecord } from '../record/record.ts';
import type { Seal } from '../seal.ts';
import { releaseKey } from './idempotency.ts';

/** Why a job is withdrawn, and by whom. */
export interface Withdrawal {
  /** The caller that no longer waits, if several may; the job goes on for the others. Without it, it is withdrawn for all. */
  readonly waiter?: string | undefined;
  /** How it ends: as `withdrawn` unless given. */
  readonly outcome?: Outcome;
}

/** What withdrawing a job needs. */
export interface WithdrawParts {
  readonly redis: RedisClient;
  readonly seal: Seal;
  readonly hooks: EndHooks;
  readonly resultTtlSeconds: number;
}

/**
 * Withdraws a job that no worker has begun: it never runs, and the same request may be sent again with its Idempotency-Key.
 * Safe to repeat.
 * @returns how the job ended (as given, or as it turned out at the last moment); `undefined` if it goes on
 */
export async function withdraw(parts: WithdrawParts, id: string, { waiter, outcome }: Withdrawal = {}): Promise<Outcome | undefined> {
  const { redis, resultTtlSeconds, seal, hooks } = parts;
  const end = outcome ?? endedNow('withdrawn');
  const isEnded = await endQueuedJob(redis, { id, outcome: end, resultTtlSeconds, waiter });
  const record = await readRecord(redis, id);
  if (isEnded && record) {
    const ended = { id, job: originOf(record), outcome: end, durationMs: null };
    await hooks.onStored(ended, true);
    hooks.onEnd(ended);
  }
  if (record?.claim !== undefined && record.status === 'withdrawn') await releaseKey(redis, record.claim, id);
  else if (record?.claim !== undefined && isEndStatus(record.status)) await redis.expire(record.claim, resultTtlSeconds);
  return record && outcomeOf(record, seal, id);
}
