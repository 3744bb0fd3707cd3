import { keys } from '../names.ts';
import type { RedisClient } from '../redis.ts';
import { type Entry, isClaim, parseId, parseName } from './entry.ts';

/** How long the ids are that stand in the directory. */
const idLength = 12;
/** More containers than that under one name or id are no help to anybody. */
const most = 20;

/**
 * The containers that have a name; where none has, those whose ids begin so, or else the job that is to make it.
 * @param reference a container's name, or the beginning of its id
 */
export async function findEntries(redis: RedisClient, reference: string): Promise<readonly Entry[]> {
  const [names, ids] = await Promise.all([
    redis.zrangebylex(keys.names, `[${reference} `, `(${reference}!`, 'LIMIT', 0, most),
    /^[0-9a-f]{1,64}$/.test(reference) ? idsFrom(redis, reference.slice(0, idLength)) : [],
  ]);
  const named = names.map(parseName);
  const made = named.filter(entry => !isClaim(entry));
  if (made.length > 0) return made;
  return ids.length > 0 ? ids.map(parseId) : named;
}

function idsFrom(redis: RedisClient, start: string): Promise<string[]> {
  // "g" comes after all hex digits.
  return redis.zrangebylex(keys.ids, `[${start}`, `(${start}g`, 'LIMIT', 0, most);
}
