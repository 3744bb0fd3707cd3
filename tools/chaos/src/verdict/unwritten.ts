import type { FaultRecord } from '../faults/run.ts';
import type { KnownJob } from '../journal.ts';

/**
 * Longest time until Redis writes an acknowledged command with `appendfsync everysec`: it writes nothing
 * while a sync is under way, for two seconds at most (redis.conf).
 */
const maxUnwrittenMs = 2000;

/** Returns whether a missing job was acknowledged so shortly before Redis was killed that it may not have been written. */
export function isUnwritten({ id, intent, isGone }: KnownJob, faults: readonly FaultRecord[]): boolean {
  if (!isGone) return false;
  const acknowledgedAtMs =
    intent.responses.find(({ outcome }) => typeof outcome !== 'string' && outcome.job?.id === id)?.receivedAtMs ?? Number.NEGATIVE_INFINITY;
  return faults.some(
    ({ kind, role, startedAtMs }) =>
      kind === 'kill' && role === 'redis' && startedAtMs >= acknowledgedAtMs && startedAtMs - acknowledgedAtMs < maxUnwrittenMs,
  );
}
