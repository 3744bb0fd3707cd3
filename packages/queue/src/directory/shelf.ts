import type { Withdrawing } from '../client/withdraw.ts';
import { keys } from '../names.ts';
import { runScript } from '../record/script.ts';
import { type Entry, isClaim } from './entry.ts';
import { dropEntry, giveBackIfStale } from './stale.ts';

/** A container as the directory knows it. */
export interface Container {
  /** The short one. */
  readonly id: string;
  readonly name: string;
}

/** What the directory holds of a node. */
export interface Shelved {
  /** By their ids. */
  readonly containers: ReadonlyMap<string, Container>;
  /** Names that jobs are to use. */
  readonly claims: readonly Entry[];
}

/** A node's part of the directory of all containers. Every write is harmless to repeat. */
export interface Shelf {
  read(): Promise<Shelved>;
  /** Notes a container, in the place of the job that made it, and of the name that it had before. */
  put(container: Container, job?: string): Promise<void>;
  drop(container: Container): Promise<void>;
  /** Gives a name back that no job will use. */
  giveBackIfStale(claim: Entry): Promise<boolean>;
}

const putScript = `
local node, id, name, job = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local before = redis.call('HGET', KEYS[3], id)
if before and before ~= name then
  redis.call('ZREM', KEYS[1], before .. ' ' .. node .. ' ' .. id)
  redis.call('ZREM', KEYS[2], id .. ' ' .. node .. ' ' .. before)
end
redis.call('ZADD', KEYS[1], 0, name .. ' ' .. node .. ' ' .. id)
redis.call('ZADD', KEYS[2], 0, id .. ' ' .. node .. ' ' .. name)
redis.call('HSET', KEYS[3], id, name)
if job ~= '' then
  redis.call('ZREM', KEYS[1], name .. ' ' .. node .. ' ' .. job)
  redis.call('HDEL', KEYS[3], job)
end
return ''`;

export function openShelf(parts: Withdrawing, node: string): Shelf {
  const { redis } = parts;
  return {
    async read() {
      const held = Object.entries(await redis.hgetall(keys.containers(node))).map(([id, name]) => ({ id, name, node }));
      return {
        containers: new Map(held.filter(entry => !isClaim(entry)).map(entry => [entry.id, entry])),
        claims: held.filter(isClaim),
      };
    },
    async put({ id, name }, job = '') {
      await runScript(redis, putScript, [keys.names, keys.ids, keys.containers(node)], [node, id, name, job]);
    },
    drop: ({ id, name }) => dropEntry(redis, { id, name, node }),
    giveBackIfStale: claim => giveBackIfStale(parts, claim),
  };
}
