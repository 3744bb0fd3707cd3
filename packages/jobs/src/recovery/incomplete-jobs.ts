import { queueKey } from '../bullmq/queue-names.ts';
import { parseJobId } from '../job-id.ts';
import { keys } from '../keys.ts';
import { addTimeoutMs } from '../limits.ts';
import { type JobRecord, readRecord } from '../record/record.ts';
import { type WithdrawParts, withdraw } from '../submit/withdraw.ts';

/**
 * Withdraws a job that has a record but no BullMQ job, because its API process died or lost Redis while it added the job. No
 * worker would ever run it.
 */
export async function withdrawIncomplete(parts: WithdrawParts, id: string, { status }: JobRecord): Promise<void> {
  const parsed = parseJobId(id);
  if (!parsed || status !== 'queued' || Date.now() - parsed.createdAtMs < addTimeoutMs) return;
  if ((await parts.redis.exists(queueKey(parsed.node, parsed.lane, id))) === 0) await withdraw(parts, id);
}

/** The state of a job, which decides whether its reservations can be released. */
export interface JobState {
  /** `undefined` if the job does not exist, or does not exist yet. */
  readonly record: Pick<JobRecord, 'status' | 'finished_at'> | undefined;
  /** Whether a job without a record may still be added by a slow API process. */
  readonly mayStillBeAdded: boolean;
  /** Whether its worker died and no worker of its node has recovered the job yet. */
  readonly isOrphan: boolean;
}

/** Reads a job's state. Withdraws the job first if it was added incompletely, so that it cannot run later. */
export async function readJobState(parts: WithdrawParts, id: string): Promise<JobState> {
  const { redis } = parts;
  const parsed = parseJobId(id);
  const before = await readRecord(redis, id);
  if (before) await withdrawIncomplete(parts, id, before);
  const record = before && (await readRecord(redis, id));
  const isOrphan = parsed !== undefined && (await redis.sismember(keys.orphans(parsed.node), id)) === 1;
  return { record, mayStillBeAdded: Date.now() - (parsed?.createdAtMs ?? 0) <= addTimeoutMs, isOrphan };
}
