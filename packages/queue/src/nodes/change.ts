import { keys } from '../names.ts';
import { runScript } from '../record/script.ts';
import type { RedisClient } from '../redis.ts';

/** Gives a node no new containers; it finishes what it has. */
export async function drainNode(redis: RedisClient, node: string): Promise<void> {
  await redis.sadd(keys.draining, node);
}

/** Ends that. */
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

/** Forgets a node and what containers it had; a worker that starts there makes it known again. */
export async function forgetNode(redis: RedisClient, node: string): Promise<void> {
  await runScript(redis, forgetScript, [keys.nodes, keys.draining, keys.names, keys.ids, keys.containers(node)], [node]);
}
