import { findTask } from '@podman-api/operations';
import type { Birth } from '../job.ts';
import { keys } from '../names.ts';
import { runScript } from '../record/script.ts';
import type { RedisClient } from '../redis.ts';
import { type Entry, parseName } from './entry.ts';

/** Gives a name to a job, unless a container or another job has it; asking again is no different from once. */
const script = `
local mine = ARGV[1] .. ' ' .. ARGV[2] .. ' ' .. ARGV[3]
local there = redis.call('ZRANGEBYLEX', KEYS[1], '[' .. ARGV[1] .. ' ', '(' .. ARGV[1] .. '!')
for _, entry in ipairs(there) do
  if entry ~= mine then return entry end
end
redis.call('ZADD', KEYS[1], 0, mine)
redis.call('HSET', KEYS[2], ARGV[3], ARGV[1])
return ''`;

/** A name that a job wants for its container. */
export interface NameClaim {
  readonly name: string;
  readonly node: string;
  readonly job: string;
}

/**
 * Claims a name in the whole fleet for the container that a job is to make.
 * @returns who has it, where it is not free
 */
export async function claimName(redis: RedisClient, { name, node, job }: NameClaim): Promise<Entry | undefined> {
  const there = await runScript(redis, script, [keys.names, keys.containers(node)], [name, node, job]);
  return there === '' ? undefined : parseName(there);
}

const backScript = `
redis.call('ZREM', KEYS[1], ARGV[1] .. ' ' .. ARGV[2] .. ' ' .. ARGV[3])
redis.call('HDEL', KEYS[2], ARGV[3])
return ''`;

/** Gives a name back that its job has not used. */
export async function giveBackName(redis: RedisClient, { name, node, job }: NameClaim): Promise<void> {
  await runScript(redis, backScript, [keys.names, keys.containers(node)], [name, node, job]);
}

/** Gives the name back that an ended job was to use for a container, where it was to make one. */
export async function giveBackNameOf(redis: RedisClient, job: string, { operation, container, node }: Birth): Promise<void> {
  if (container !== null && findTask(operation)?.makes) await giveBackName(redis, { name: container, node, job });
}
