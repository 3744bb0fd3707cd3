import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Seal } from '@podman-api/jobs';
import { type RedisClient, runScript, withRedisErrors } from '@podman-api/redis';
import { keys } from '../keys.ts';

/** Containers of one specification that nodes keep ready. */
export interface Pool {
  readonly name: string;
  /** Idle containers that each matching node keeps. */
  readonly size: number;
  /** Seconds after which an idle container is replaced; `null` if never. */
  readonly max_idle_seconds: number | null;
  /** Labels of the nodes that keep containers. */
  readonly node_selector: Readonly<Record<string, string>>;
  /** The fields of a create. */
  readonly container: object;
  /** Changes with `container`. */
  readonly revision: string;
  readonly created_at: string;
  readonly updated_at: string;
}

/** Fields of a pool that a caller sets. */
export type PoolSettings = Pick<Pool, 'name' | 'size' | 'max_idle_seconds' | 'node_selector' | 'container'>;

/**
 * The declared pools of the fleet. Each is sealed as a whole: a specification may have secrets in its variables, and write
 * access to Redis must not be enough to change it. Methods throw an `ApiError` (503) while Redis is unavailable.
 */
export interface PoolStore {
  /** Returns all pools by name; one that was sealed with an unknown key is left out. */
  list(): Promise<readonly Pool[]>;
  /** @returns `undefined` if there is no such pool */
  read(name: string): Promise<Pool | undefined>;
  /** Declares or changes a pool. The revision changes if the specification of its containers does. */
  put(settings: PoolSettings): Promise<{ readonly pool: Pool; readonly isNew: boolean }>;
  /** @returns whether there was such a pool */
  remove(name: string): Promise<boolean>;
}

const putScript = `
local pools, version = unpack(KEYS)
local name, pool = unpack(ARGV)
redis.call('HSET', pools, name, pool)
return redis.call('INCR', version)`;

const removeScript = `
local pools, version = unpack(KEYS)
local name = ARGV[1]
local removed = redis.call('HDEL', pools, name)
redis.call('INCR', version)
return removed`;

const revisionBytes = 8;

/** Opens the store of pools. */
export function openPoolStore(redis: RedisClient, seal: Seal): PoolStore {
  const open = (name: string, sealed: string): Pool | undefined => {
    try {
      return JSON.parse(seal.open(Buffer.from(sealed, 'base64'), purposeOf(name)).toString());
    } catch {
      return undefined;
    }
  };
  const read = async (name: string) => {
    const sealed = await redis.hget(keys.pools, name);
    return sealed == null ? undefined : open(name, sealed);
  };
  return {
    list: () =>
      withRedisErrors(
        redis.hgetall(keys.pools).then(all =>
          Object.entries(all)
            .sort(([one], [other]) => (one < other ? -1 : 1))
            .flatMap(([name, sealed]) => open(name, sealed) ?? []),
        ),
      ),
    read: name => withRedisErrors(read(name)),
    put: settings =>
      withRedisErrors(
        (async () => {
          const former = await read(settings.name);
          const now = new Date().toISOString();
          const isSame = former !== undefined && isDeepStrictEqual(former.container, settings.container);
          const revision = isSame ? former.revision : randomBytes(revisionBytes).toString('hex');
          const pool = { ...settings, revision, created_at: former?.created_at ?? now, updated_at: now };
          const sealed = seal.seal(Buffer.from(JSON.stringify(pool)), purposeOf(settings.name)).toString('base64');
          await runScript(redis, putScript, [keys.pools, keys.poolsVersion], [settings.name, sealed]);
          return { pool, isNew: former === undefined };
        })(),
      ),
    remove: name =>
      withRedisErrors(runScript(redis, removeScript, [keys.pools, keys.poolsVersion], [name]).then(removed => removed === '1')),
  };
}

/** Returns the context that a sealed pool is bound to; other secrets are bound to a job id. */
function purposeOf(name: string): string {
  return `pool ${name}`;
}
