import type { FaultRecord } from '../faults/run.ts';
import type { KnownJob } from '../journal.ts';

/**
 * How long Redis may keep what it has acknowledged from the disk with `appendfsync everysec`, in ms: it writes nothing
 * while a sync is under way, for two seconds at most (redis.conf).
 */
const unwrittenFor = 2000;

/** Whether a job that is not there was first told of so shortly before Redis was killed that it may never have been written. */
export function isUnwritten({ id, act, gone }: KnownJob, faults: readonly FaultRecord[]): boolean {
  if (!gone) return false;
  const toldAt = act.told.find(({ outcome }) => typeof outcome !== 'string' && outcome.job?.id === id)?.at ?? Number.NEGATIVE_INFINITY;
  return faults.some(({ kind, role, at }) => kind === 'kill' && role === 'redis' && at >= toldAt && at - toldAt < unwrittenFor);
}
