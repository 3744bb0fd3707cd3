import { keys } from '../names.ts';
import type { RedisClient } from '../redis.ts';
import { type Entry, parseId, parseName } from './entry.ts';

/** How long the ids are that stand in the directory. */
const idLength = 12;
/** More containers than that under one name or id are no help to anybody. */
const most = 20;

/**
 * Who has a name; where nobody has, the containers whose ids begin so.
 * @param reference a container's name, or the beginning of its id
 */
export async function findEntries(redis: RedisClient, reference: string): Promise<readonly Entry[]> {
  const [names, ids] = await Promise.all([
    redis.zrangebylex(keys.names, `[${reference} `, `(${reference}!`, 'LIMIT', 0, most),
    /^[0-9a-f]{1,64}$/.test(reference) ? idsFrom(redis, reference.slice(0, idLength)) : [],
  ]);
  return names.length > 0 ? names.map(parseName) : ids.map(parseId);
}

function idsFrom(redis: RedisClient, start: string): Promise<string[]> {
  // "g" comes after all hex digits.
  return redis.zrangebylex(keys.ids, `[${start}`, `(${start}g`, 'LIMIT', 0, most);
}
