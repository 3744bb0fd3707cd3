import { type RedisClient, runScript } from '@podman-api/redis';
import { keys } from '../keys.ts';
import { type DirectoryEntry, isReservation } from './entry.ts';
import { type ReservationParts, releaseIfStale } from './reservation.ts';

/** A container in the directory. */
export interface ContainerIdentity {
  /** The short id: 12 hex digits. */
  readonly id: string;
  readonly name: string;
}

/** The entries of one node in the directory. */
export interface NodeEntries {
  /** The containers, by their short ids. */
  readonly containers: ReadonlyMap<string, ContainerIdentity>;
  /** Names that jobs have reserved on the node. */
  readonly reservations: readonly DirectoryEntry[];
}

/** A node's part of the fleet's directory of containers. All writes are idempotent. */
export interface NodeDirectory {
  /** Reads all entries of the node. */
  read(): Promise<NodeEntries>;
  /** Adds a container, and removes its former name and the reservation of the job that created it. */
  put(container: ContainerIdentity, job?: string): Promise<void>;
  /** Removes a container under the given name; an entry of the same id with another name stays. */
  remove(container: ContainerIdentity): Promise<void>;
  /** Releases a name that no job will use, see `releaseIfStale`. */
  releaseIfStale(reservation: DirectoryEntry): Promise<boolean>;
}

const putScript = `
local names, ids, containers = unpack(KEYS)
local node, id, name, job = unpack(ARGV)
local formerName = redis.call('HGET', containers, id)
if formerName and formerName ~= name then
  redis.call('ZREM', names, formerName .. ' ' .. node .. ' ' .. id)
  redis.call('ZREM', ids, id .. ' ' .. node .. ' ' .. formerName)
end
redis.call('ZADD', names, 0, name .. ' ' .. node .. ' ' .. id)
redis.call('ZADD', ids, 0, id .. ' ' .. node .. ' ' .. name)
redis.call('HSET', containers, id, name)
if job ~= '' then
  redis.call('ZREM', names, name .. ' ' .. node .. ' ' .. job)
  redis.call('HDEL', containers, job)
end
return ''`;

/** Adds a container of a node to the directory, see `NodeDirectory.put`. */
export async function putEntry(redis: RedisClient, { id, name, node }: DirectoryEntry, job = ''): Promise<void> {
  await runScript(redis, putScript, [keys.names, keys.ids, keys.containers(node)], [node, id, name, job]);
}

const removeScript = `
local names, ids, containers = unpack(KEYS)
local node, name, id = unpack(ARGV)
redis.call('ZREM', names, name .. ' ' .. node .. ' ' .. id)
redis.call('ZREM', ids, id .. ' ' .. node .. ' ' .. name)
if redis.call('HGET', containers, id) == name then redis.call('HDEL', containers, id) end
return ''`;

/** Removes a container that its node no longer has. */
export async function removeEntry(redis: RedisClient, { name, node, id }: DirectoryEntry): Promise<void> {
  await runScript(redis, removeScript, [keys.names, keys.ids, keys.containers(node)], [node, name, id]);
}

/** Opens a node's part of the directory. */
export function openNodeDirectory(parts: ReservationParts, node: string): NodeDirectory {
  const { redis } = parts;
  return {
    async read() {
      const entries = Object.entries(await redis.hgetall(keys.containers(node))).map(([id, name]) => ({ id, name, node }));
      return {
        containers: new Map(entries.filter(entry => !isReservation(entry)).map(entry => [entry.id, entry])),
        reservations: entries.filter(isReservation),
      };
    },
    put: ({ id, name }, job) => putEntry(redis, { id, name, node }, job),
    remove: ({ id, name }) => removeEntry(redis, { id, name, node }),
    releaseIfStale: reservation => releaseIfStale(parts, reservation),
  };
}
