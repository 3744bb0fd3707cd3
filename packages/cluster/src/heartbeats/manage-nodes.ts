import { type RedisClient, runScript, withRedisErrors } from '@podman-api/redis';
import { keys } from '../keys.ts';
import type { Fleet } from './fleet.ts';

/** Excludes a node from placement. Its jobs and containers continue. */
async function drainNode(redis: RedisClient, node: string): Promise<void> {
  await redis.sadd(keys.draining, node);
}

/** Includes a drained node in placement again. */
async function resumeNode(redis: RedisClient, node: string): Promise<void> {
  await redis.srem(keys.draining, node);
}

const forgetScript = `
local nodes, draining, names, ids, containers, allocations, published = unpack(KEYS)
local node, tokenAllocationsPrefix = unpack(ARGV)
redis.call('HDEL', nodes, node)
redis.call('SREM', draining, node)
for _, id in ipairs(redis.call('HKEYS', containers)) do
  local name = redis.call('HGET', containers, id)
  redis.call('ZREM', names, name .. ' ' .. node .. ' ' .. id)
  redis.call('ZREM', ids, id .. ' ' .. node .. ' ' .. name)
end
for _, job in ipairs(redis.call('HKEYS', allocations)) do
  local token = string.match(redis.call('HGET', allocations, job), '^%S+')
  redis.call('HDEL', tokenAllocationsPrefix .. token, job)
end
redis.call('DEL', containers, allocations, published)
return ''`;

/**
 * Removes a node: its containers, its part of the quotas and its last published events. A worker that starts there registers its
 * containers again.
 */
async function forgetNode(redis: RedisClient, node: string): Promise<void> {
  const scriptKeys = [
    keys.nodes,
    keys.draining,
    keys.names,
    keys.ids,
    keys.containers(node),
    keys.allocations(node),
    keys.publishedEvents(node),
  ];
  await runScript(redis, forgetScript, scriptKeys, [node, keys.tokenAllocations('')]);
}

/** Changes the nodes of the fleet. Methods throw an `ApiError` (503) while Redis is unavailable. */
export interface NodeManager {
  /** Excludes a node from placement. */
  drain(node: string): Promise<void>;
  /** Includes a drained node in placement again. */
  resume(node: string): Promise<void>;
  /** Removes a node and its containers from the directory. */
  forget(node: string): Promise<void>;
}

/** Creates a manager. Each change refreshes `fleet`, so that this process sees it at once. */
export function createNodeManager(redis: RedisClient, fleet: Fleet): NodeManager {
  return {
    drain: node => withRedisErrors(drainNode(redis, node).then(fleet.refresh)),
    resume: node => withRedisErrors(resumeNode(redis, node).then(fleet.refresh)),
    forget: node => withRedisErrors(forgetNode(redis, node).then(fleet.refresh)),
  };
}
