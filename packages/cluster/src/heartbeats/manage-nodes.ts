import { type RedisClient, runScript } from '@podman-api/redis';
import { keys } from '../keys.ts';

/** Gives a node no new containers; its jobs and containers go on. */
export async function drainNode(redis: RedisClient, node: string): Promise<void> {
  await redis.sadd(keys.draining, node);
}

/** Gives a drained node new containers again. */
export async function resumeNode(redis: RedisClient, node: string): Promise<void> {
  await redis.srem(keys.draining, node);
}

const forgetScript = `
redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('SREM', KEYS[2], ARGV[1])
for _, id in ipairs(redis.call('HKEYS', KEYS[5])) do
  local name = redis.call('HGET', KEYS[5], id)
  redis.call('ZREM', KEYS[3], name .. ' ' .. ARGV[1] .. ' ' .. id)
  redis.call('ZREM', KEYS[4], id .. ' ' .. ARGV[1] .. ' ' .. name)
end
redis.call('DEL', KEYS[5])
return ''`;

/** Removes a node and its containers from the directory; a worker that starts there registers it again. */
export async function forgetNode(redis: RedisClient, node: string): Promise<void> {
  await runScript(redis, forgetScript, [keys.nodes, keys.draining, keys.names, keys.ids, keys.containers(node)], [node]);
}
