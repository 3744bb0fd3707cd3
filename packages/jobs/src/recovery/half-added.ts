import { queueKey } from '../bullmq/queue-names.ts';
import { parseJobId } from '../job-id.ts';
import { keys } from '../keys.ts';
import { type JobRecord, readRecord } from '../record/record.ts';
import { type WithdrawParts, withdraw } from '../submit/withdraw.ts';

/** How long an API process without CPU may take between two steps of adding a job. */
export const addTimeoutMs = 10_000;

/**
 * Withdraws a job that has a record and is in no queue: an API process died while it added the job, or Redis was unavailable,
 * and nobody would ever run it.
 */
export async function endHalfAdded(parts: WithdrawParts, id: string, { status }: JobRecord): Promise<void> {
  const place = parseJobId(id);
  if (!place || status !== 'queued' || Date.now() - place.createdAtMs < addTimeoutMs) return;
  if ((await parts.redis.exists(queueKey(place.node, place.lane, id))) === 0) await withdraw(parts, id);
}

/** What a holder of something that a job reserved needs to know of the job. */
export interface JobState {
  /** `undefined` if there is no such job (yet). */
  readonly record: Pick<JobRecord, 'status' | 'finished_at'> | undefined;
  /** Whether a job without a record may still be added by a slow API process. */
  readonly mayStillBeAdded: boolean;
  /** Whether its worker died and a worker of its node has still to look what it left. */
  readonly isOrphan: boolean;
}

/** Reads a job's state; one that was half added is withdrawn first, so that it cannot run later. */
export async function readJobState(parts: WithdrawParts, id: string): Promise<JobState> {
  const { redis } = parts;
  const place = parseJobId(id);
  const before = await readRecord(redis, id);
  if (before) await endHalfAdded(parts, id, before);
  const record = before && (await readRecord(redis, id));
  const isOrphan = place !== undefined && (await redis.sismember(keys.orphans(place.node), id)) === 1;
  return { record, mayStillBeAdded: Date.now() - (place?.createdAtMs ?? 0) <= addTimeoutMs, isOrphan };
}
