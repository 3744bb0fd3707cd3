import type { RedisClient } from '@podman-api/redis';
import { keys } from '../keys.ts';
import { type DirectoryEntry, isReservation, parseIdEntry, parseNameEntry } from './entry.ts';

/** Length of the short ids of containers in the directory. */
const shortIdLength = 12;
/** Maximum number of entries that are read for one name or id prefix. */
const maxEntries = 20;

/**
 * Finds the containers with a name; if there is none, those with an id prefix, or else the job that has reserved the name.
 * @param reference a container's name or an id prefix
 */
export async function findEntries(redis: RedisClient, reference: string): Promise<readonly DirectoryEntry[]> {
  const [names, ids] = await Promise.all([
    redis.zrangebylex(keys.names, `[${reference} `, `(${reference}!`, 'LIMIT', 0, maxEntries),
    /^[0-9a-f]{1,64}$/.test(reference) ? findIds(redis, reference.slice(0, shortIdLength)) : [],
  ]);
  const named = names.map(parseNameEntry);
  const containers = named.filter(entry => !isReservation(entry));
  if (containers.length > 0) return containers;
  return ids.length > 0 ? ids.map(parseIdEntry) : named;
}

function findIds(redis: RedisClient, prefix: string): Promise<string[]> {
  // "g" comes after all hex digits.
  return redis.zrangebylex(keys.ids, `[${prefix}`, `(${prefix}g`, 'LIMIT', 0, maxEntries);
}
