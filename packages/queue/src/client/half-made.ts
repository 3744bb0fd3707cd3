import { placeOf, queueKey } from '../names.ts';
import type { JobRecord } from '../record/record.ts';
import { type Withdrawing, withdraw } from './withdraw.ts';

/** An API process that stands still between two steps of adding a job may take so long, in ms. */
export const halfWay = 10_000;

/**
 * Looks at the record of a job that somebody reads: one that says queued and stands in no queue was left half-way
 * by an API process that died, or by an outage of Redis; nobody would ever run it.
 */
export async function endHalfMade(parts: Withdrawing, id: string, { status }: JobRecord): Promise<void> {
  const place = placeOf(id);
  if (!place || status !== 'queued' || Date.now() - place.created < halfWay) return;
  if ((await parts.redis.exists(queueKey(place.node, place.lane, id))) === 0) await withdraw(parts, id);
}
