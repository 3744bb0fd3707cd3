import { giveBackNameOf } from '../directory/claim-name.ts';
import { ended, type Outcome } from '../job.ts';
import { placeOf, queueKey } from '../names.ts';
import { dismiss } from '../record/dismiss.ts';
import { historyOf, isEnd, outcomeIn, readRecord } from '../record/record.ts';
import { endedOf } from '../tally/ended.ts';
import { freeClaim } from './claim.ts';
import type { ClientParts } from './client.ts';

/** Why a job is taken back, and by whom. */
export interface Withdrawal {
  /** Which of several that wait; the job goes on for the others. Without it, it is taken back from all. */
  readonly who?: string | undefined;
  /** How it ends; withdrawn, unless said otherwise. */
  readonly outcome?: Outcome;
}

/** What it takes to take a job back. */
export type Withdrawing = Pick<ClientParts, 'redis' | 'resultTtl' | 'seal' | 'tally' | 'onEnd'>;

/**
 * Takes a job back that no worker has begun; it never runs then, and the same request may be sent again under its
 * Idempotency-Key. Doing so again is no different from once.
 * @returns how the job ended (as said, or what it came to at the last moment), or nothing where it goes on
 */
export async function withdraw(parts: Withdrawing, id: string, { who, outcome }: Withdrawal = {}): Promise<Outcome | undefined> {
  const { redis, resultTtl, seal, tally, onEnd } = parts;
  const place = placeOf(id);
  if (!place) return undefined;
  const keyOf = (what: string) => queueKey(place.node, place.lane, what);
  const lists = [keyOf('wait'), keyOf('paused'), keyOf(id)] as const;
  const end = outcome ?? ended('withdrawn');
  const dismissed = await dismiss(redis, { id, outcome: end, resultTtl, waiter: who, lists });
  const record = await readRecord(redis, id);
  if (dismissed && record) {
    const { birth } = historyOf(record);
    await giveBackNameOf(redis, id, birth);
    tally.count(endedOf(birth, end, null));
    onEnd(id, birth, end, null);
  }
  if (record?.claim !== undefined && record.status === 'withdrawn') await freeClaim(redis, record.claim, id);
  else if (record?.claim !== undefined && isEnd(record.status)) await redis.expire(record.claim, resultTtl);
  return record && outcomeIn(record, seal, id);
}

/**
 * Takes back a job that may or may not have been added when Redis ceased to answer: nobody waits for it, so it must
 * not run. The first try goes down the same connection at once, right behind the job itself where that is still on
 * its way; what fails is tried again when Redis is back, see `keepHouse`.
 */
export async function takeBack(parts: ClientParts, id: string): Promise<void> {
  parts.leftovers.add(id);
  await withdraw(parts, id).then(
    () => parts.leftovers.delete(id),
    () => {},
  );
}
