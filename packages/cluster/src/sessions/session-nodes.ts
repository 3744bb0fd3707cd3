import { createHash } from 'node:crypto';
import { type RedisClient, runScript, withRedisErrors } from '@podman-api/redis';
import { keys } from '../keys.ts';

/** Seconds for which the node of a session is kept after its last use: a week. */
const ttlSeconds = 604_800;

const assignScript = `
local sessionNode = KEYS[1]
local node, previousNode, ttl = unpack(ARGV)
local current = redis.call('GET', sessionNode)
if current and current ~= previousNode then
  redis.call('EXPIRE', sessionNode, ttl)
  return current
end
redis.call('SET', sessionNode, node, 'EX', ttl)
return node`;

/**
 * The nodes of sessions of Docker's clients: all containers, networks and volumes of one are on one node. Methods throw an `ApiError`
 * (503) while Redis is unavailable.
 */
export interface SessionNodes {
  /**
   * Assigns a node to a session that has none.
   * @param previousNode the node of the session to replace, because nothing of the session is on it
   * @returns the node of the session, which another process may have assigned
   */
  assign(session: string, node: string, previousNode?: string): Promise<string>;
}

/** Opens the store. The name of a session is chosen by clients; it is stored as a hash. */
export function openSessionNodes(redis: RedisClient): SessionNodes {
  const keyOf = (session: string) => keys.sessionNode(createHash('sha256').update(session).digest('hex'));
  return {
    assign: (session, node, previousNode = '') =>
      withRedisErrors(runScript(redis, assignScript, [keyOf(session)], [node, previousNode, ttlSeconds])),
  };
}
